import { z } from 'zod';
import { durationFromTo, durationOfAtLeast } from '../duration-schema.js';
import { channelNameSchema, defaultChannel, lineNameSchema } from '../images/names.js';
import { versionRangeSchema } from '../images/versions/range-schema.js';
import {
  accountIdSchema,
  listOf,
  regionNameSchema,
  text,
  textLike,
  wholeNumber,
} from './fields.js';
import { baseOsSchema } from './images/base-os.js';
import { builderSchema, codebuildShape } from './images/builder.js';
import { sourceSchema } from './images/source.js';
import { trackerSchema } from './images/tracker.js';
import { scheduleSchema } from './schedules.js';

export type { BaseOs } from './images/base-os.js';
export type { Builder } from './images/builder.js';
export type { Tracker } from './images/tracker.js';

const packageNameSchema = textLike(
  /^[A-Za-z0-9][\w.+-]*$/,
  'the name of a package, such as gitlab-runner',
);

const existingSchema = z.strictObject({
  product: text('the key of a tag').optional().describe('Tag that holds the product.'),
  version: text('the key of a tag').describe('Tag that holds the version.'),
  os: text('the key of a tag').optional().describe('Tag that holds the base OS.'),
  filters: z
    .record(text('the key of a tag'), text('a value'))
    .default({})
    .describe('Only images with these tags.'),
});

const { cron, timeZone, jitter, overlap, catchupWindow, paused } = scheduleSchema.shape;

/** One product whose images are kept up with its packages. */
export const lineSchema = z
  .strictObject({
    line: lineNameSchema.describe('Names the line.'),
    channel: channelNameSchema
      .default(defaultChannel)
      .describe('Channels of a line share nothing: each has its own record, images and tracker.'),
    product: packageNameSchema.describe('The package.'),
    source: sourceSchema.describe('Where the packages are.'),
    versions: z
      .union([versionRangeSchema, listOf(versionRangeSchema, 'ranges')])
      .default('*')
      .describe('Which versions: >=16.0 <18, 16.x, 16 || 17; or a list of these.'),
    newest: z
      .strictObject({
        perMinor: wholeNumber(1, 1000).optional().describe('Of each minor version.'),
        perMajor: wholeNumber(1, 1000).optional().describe('Of each major version.'),
        versions: wholeNumber(1, 10_000).optional().describe('Of all.'),
      })
      .optional()
      .describe('How far back: only so many of the newest.'),
    architectures: listOf(text('an architecture'), 'architectures')
      .default(['x86_64'])
      .describe('As packages name them: x86_64 (or amd64), aarch64 (or arm64).'),
    companions: z
      .array(packageNameSchema)
      .default([])
      .describe('Packages that must be there at the same version before it is built.'),
    baseOs: listOf(baseOsSchema, 'base OSes').describe('What to build on.'),
    account: text('an account name or id').describe('Account to build in: name or id.'),
    region: regionNameSchema.describe('Region to build in.'),
    builder: builderSchema.describe('What builds an image.'),
    recipe: textLike(/^[\w.-]{1,64}$/, 'up to 64 letters, digits and . _ -')
      .optional()
      .describe(
        'What the images are made by, say the hash of a template: images of another recipe are built again.',
      ),
    concurrency: wholeNumber(1, 200).default(4).describe('Images that are built at once.'),
    attempts: z
      .strictObject({
        most: wholeNumber(1, 20).default(3).describe('Tries before an image is held.'),
        delay: durationOfAtLeast('10ms').default('10m').describe('Before the second try.'),
        factor: z
          .number({ error: 'must be a number from 1 to 10' })
          .min(1, { error: 'must be a number from 1 to 10' })
          .max(10, { error: 'must be a number from 1 to 10' })
          .default(3)
          .describe('How much longer each wait is than the last.'),
      })
      .prefault({})
      .describe('What becomes of an image that could not be built.'),
    firstRunLimit: wholeNumber(0, 10_000)
      .default(20)
      .describe('Images that the first check builds at most without approval.'),
    tags: z
      .record(
        textLike(
          /^(?!aws:|nightshift:).{1,128}$/,
          'the key of a tag, other than aws:… and nightshift:…',
        ),
        z.string().max(256),
      )
      .default({})
      .describe('Tags of the images, besides Nightshift’s own.'),
    copyTo: z.array(regionNameSchema).default([]).describe('Regions to copy images to.'),
    shareWith: z.array(accountIdSchema).default([]).describe('Accounts that may use the images.'),
    deprecateAfter: durationOfAtLeast('1m')
      .optional()
      .describe('When an image is deprecated that a newer one has replaced: so long after that.'),
    keep: wholeNumber(1, 10_000)
      .optional()
      .describe('Images of each base OS and architecture that a prune leaves; all when absent.'),
    smokeTest: z
      .strictObject({
        codebuild: z
          .strictObject(codebuildShape)
          .describe('The build: its project, and what it has otherwise.'),
      })
      .optional()
      .describe('A CodeBuild build that tries each image before it is handed out.'),
    imageTimeout: durationFromTo('1s', '48h')
      .default('6h')
      .describe('How long an image, or a copy, may take to become available.'),
    tracker: trackerSchema
      .optional()
      .describe('Where else what is built is written down, for others to read.'),
    existing: existingSchema
      .optional()
      .describe('By which tags images are known that another tool has built.'),
    schedule: z
      .strictObject({ cron, timeZone, jitter, overlap, catchupWindow, paused })
      .optional()
      .describe('When to check; `nightshift schedule apply` puts it on the server.'),
  })
  .superRefine(({ baseOs, region, copyTo }, context) => {
    unique(
      baseOs.map(({ name }) => name),
      context,
      (index) => ['baseOs', index, 'name'],
      'baseOs',
    );
    unique(copyTo, context, (index) => ['copyTo', index], 'copyTo');
    const home = copyTo.indexOf(region);
    if (home >= 0)
      context.addIssue({
        code: 'custom',
        path: ['copyTo', home],
        message: 'must be another region than the one that is built in',
      });
  });
export type Line = z.infer<typeof lineSchema>;

/** The lines; a line has an entry for each of its channels. */
export const imagesSchema = listOf(lineSchema, 'lines').superRefine((lines, context) => {
  const names = lines.map(({ line, channel }) => `${line}/${channel}`);
  unique(names, context, (index) => [index, 'line'], 'images', 'line and channel');
  const stores = lines.map(trackerName);
  unique(stores, context, (index) => [index, 'tracker'], 'images', 'a tracker of its own');
});

/** What a tracker is, so that no two lines write into one. */
function trackerName({ tracker, account, region }: Line): string | undefined {
  if (!tracker) return undefined;
  const { ssm, gitlab } = tracker;
  if (gitlab) return JSON.stringify([gitlab.url, gitlab.project, gitlab.name]);
  const name = typeof ssm === 'string' ? ssm : ssm?.name;
  const place = typeof ssm === 'string' ? region : (ssm?.region ?? region);
  return JSON.stringify([account, place, name]);
}

function unique(
  values: readonly (string | undefined)[],
  context: z.RefinementCtx,
  path: (index: number) => (string | number)[],
  list: string,
  what = 'value',
): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value === undefined || first === index) return;
    context.addIssue({
      code: 'custom',
      path: path(index),
      message: `must be unique; ${list}[${first}] has this ${what} too`,
    });
  });
}
