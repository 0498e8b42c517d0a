import { z } from 'zod';
import { text } from '../fields.js';
import { oneOfKeys, secretSchema, urlSchema } from './shared.js';

const keySchema = text('a public key or the path of a keyring').describe(
  'The public key that the metadata must be signed with: armored, or the path of a keyring on the worker.',
);

const loginSchema = secretSchema('user:password', '/nightshift/mirror').describe(
  'Where the user and password are that the mirror asks for; it alone is told them.',
);

/** Where packages are. */
export const sourceSchema = oneOfKeys(
  z.strictObject({
    rpm: z
      .union(
        [
          urlSchema,
          z.strictObject({
            url: urlSchema.describe('The directory that holds repodata/.'),
            key: keySchema.optional(),
            login: loginSchema.optional(),
          }),
        ],
        { error: 'must be a URL, or { url, key, login }' },
      )
      .optional()
      .describe('A repository of RPMs, read by its metadata.'),
    html: z
      .union(
        [
          urlSchema,
          z.strictObject({
            url: urlSchema.describe('The page that lists the files, or the bucket that does.'),
            versions: z.enum(['rpm', 'deb']).default('rpm').describe('What is listed there.'),
            login: loginSchema.optional(),
          }),
        ],
        { error: 'must be a URL, or { url, versions, login }' },
      )
      .optional()
      .describe('A mirror without metadata: a page that lists its files.'),
    deb: z
      .strictObject({
        url: urlSchema.describe('The directory that holds dists/.'),
        suite: text('a suite, such as bookworm').describe('The suite: a folder below dists/.'),
        component: text('a component, such as main').default('main').describe('The component.'),
        key: keySchema.optional(),
        login: loginSchema.optional(),
      })
      .optional()
      .describe('A repository of Debian packages.'),
  }),
  'source',
);
