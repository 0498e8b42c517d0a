import { text } from '../fields.js';
import { secretSchema, urlSchema } from './shared.js';

const gitlabTokenSchema = secretSchema('the access token', '/nightshift/gitlab').describe(
  'Where the access token is: scope api, role Developer (Maintainer for secure files).',
);

/** A project of GitLab's, and how to get in. */
export const gitlabProjectShape = {
  url: urlSchema.default('https://gitlab.com').describe('The GitLab instance.'),
  project: text('the path or id of a project, such as platform/images').describe(
    'The project: its path or its id.',
  ),
  token: gitlabTokenSchema,
};
