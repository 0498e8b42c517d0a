import { z } from 'zod';
import { regionNameSchema, ssmParameterSchema, text } from '../fields.js';
import { urlSchema } from './shared.js';

const gitlabTokenSchema = z
  .strictObject(
    {
      ssm: ssmParameterSchema.describe(
        'SSM SecureString in the management account that holds the access token.',
      ),
      region: regionNameSchema.optional().describe('Region of the parameter.'),
    },
    {
      error:
        'must name the SSM parameter that holds the token, as { ssm: /nightshift/gitlab }; the token itself is a secret and does not belong in a file',
    },
  )
  .describe('Where the access token is: scope api, role Developer (Maintainer for secure files).');

/** A project of GitLab's, and how to get in. */
export const gitlabProjectShape = {
  url: urlSchema.default('https://gitlab.com').describe('The GitLab instance.'),
  project: text('the path or id of a project, such as platform/images').describe(
    'The project: its path or its id.',
  ),
  token: gitlabTokenSchema,
};
