import { z } from 'zod';
import { buildOverridesShape, projectNameSchema } from '../builds/overrides.js';
import { infrastructureRetrySchema } from '../builds/retry-schema.js';
import { durationFromTo, durationOfAtLeast } from '../duration-schema.js';
import {
  channelNameSchema,
  defaultChannel,
  imageIdSchema,
  lineNameSchema,
  osNameSchema,
} from '../images/names.js';
import { versionRangeSchema } from '../images/versions/range-schema.js';
import {
  accountIdSchema,
  keysGiven,
  listOf,
  regionNameSchema,
  ssmParameterSchema,
  text,
  textLike,
  wholeNumber,
} from './fields.js';
import { scheduleSchema } from './schedules.js';

const packageNameSchema = textLike(
  /^[A-Za-z0-9][\w.+-]*$/,
  'the name of a package, such as gitlab-runner',
);

const urlSchema = z.url({ protocol: /^https?$/, error: 'must be a URL of http or https' });

const keySchema = text('a public key or the path of a keyring').describe(
  'The public key that the metadata must be signed with: armored, or the path of a keyring on the worker.',
);

/** Exactly one of several keys, with an error that says which there are. */
function oneOfKeys<T extends z.ZodObject>(schema: T, what: string) {
  const keys = Object.keys(schema.shape);
  return schema
    .superRefine((value, context) => {
      const given = keysGiven(value, keys);
      if (given.length === 1) return;
      const found = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
      context.addIssue({
        code: 'custom',
        message: `must hold exactly one ${what} (${keys.join(', ')}); ${found}`,
      });
    })
    .meta({ oneOf: keys.map((key) => ({ required: [key] })) });
}

const sourceSchema = oneOfKeys(
  z.strictObject({
    rpm: z
      .union(
        [
          urlSchema,
          z.strictObject({
            url: urlSchema.describe('The directory that holds repodata/.'),
            key: keySchema.optional(),
          }),
        ],
        { error: 'must be a URL, or { url, key }' },
      )
      .optional()
      .describe('A repository of RPMs, read by its metadata.'),
    html: z
      .union(
        [
          urlSchema,
          z.strictObject({
            url: urlSchema,
            versions: z.enum(['rpm', 'deb']).default('rpm').describe('What is listed there.'),
          }),
        ],
        { error: 'must be a URL, or { url, versions }' },
      )
      .optional()
      .describe('A mirror without metadata: a page that lists its files.'),
    deb: z
      .strictObject({
        url: urlSchema.describe('The directory that holds dists/.'),
        suite: text('a suite, such as bookworm'),
        component: text('a component, such as main').default('main'),
        key: keySchema.optional(),
      })
      .optional()
      .describe('A repository of Debian packages.'),
  }),
  'source',
);

const publicParameterSchema = z.strictObject({
  ssm: textLike(
    /^(\/[\w.-]*(\{arch\})?[\w.-]*)+$/,
    'the name of an SSM parameter, in which {arch} stands for x86_64 or arm64',
  ).describe(
    'SSM parameter that holds the image id, AWS’s public ones among them; {arch} stands for x86_64 or arm64.',
  ),
});

const baseImageSchema = z.union([imageIdSchema, publicParameterSchema], {
  error: 'must be an image id, or { ssm: /aws/service/… }',
});

const variablesSchema = z
  .record(
    textLike(/^[A-Za-z_]\w*$/, 'the name of an environment variable'),
    z.string({ error: 'must be text: put it in quotes' }),
  )
  .describe('Environment variables of the build, besides those that Nightshift gives.');

const baseOsSchema = z.strictObject({
  name: osNameSchema.describe('What the OS is called in keys, tags and reports.'),
  baseImage: z
    .union(
      [
        imageIdSchema,
        publicParameterSchema,
        z.strictObject({
          byArchitecture: z.record(text('an architecture'), baseImageSchema),
        }),
      ],
      {
        error: 'must be an image id, { ssm: /aws/service/… } or { byArchitecture: { x86_64: … } }',
      },
    )
    .describe('The image to build on.'),
  user: textLike(/^[a-z_][\w-]{0,31}$/, 'the name of a user')
    .optional()
    .describe('SSH user.'),
  architectures: listOf(text('an architecture'), 'architectures')
    .optional()
    .describe('Only these of the line’s architectures.'),
  variables: variablesSchema.optional(),
});
export type BaseOs = z.infer<typeof baseOsSchema>;

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

const gitlabProjectShape = {
  url: urlSchema.default('https://gitlab.com').describe('The GitLab instance.'),
  project: text('the path or id of a project, such as platform/images'),
  token: gitlabTokenSchema,
};

const { env: _env, sourceVersion: _sourceVersion, ...buildOverrides } = buildOverridesShape;

const codebuildShape = {
  project: projectNameSchema.describe('The CodeBuild project.'),
  sourceVersion: buildOverridesShape.sourceVersion,
  ...buildOverrides,
  env: buildOverridesShape.env,
};

const builderSchema = oneOfKeys(
  z.strictObject({
    codebuild: z
      .strictObject({
        ...codebuildShape,
        retry: infrastructureRetrySchema.optional(),
        manifest: textLike(/^[\w.-]+(\/[\w.-]+)*$/, 'the path of a file in the build’s artifact')
          .optional()
          .describe(
            'Packer’s manifest in the build’s artifact (not zipped); absent: the log’s line NIGHTSHIFT_MANIFEST {…}.',
          ),
      })
      .optional()
      .describe('A CodeBuild project that runs Packer.'),
    gitlab: z
      .strictObject({
        ...gitlabProjectShape,
        ref: text('a branch or tag').default('main').describe('What the pipeline runs on.'),
        variables: variablesSchema.optional(),
        manifest: textLike(/^[\w.-]+(\/[\w.-]+)*$/, 'the path of a file in the job’s artifacts')
          .default('manifest.json')
          .describe('Packer’s manifest in a job’s artifacts; else the log’s line is looked for.'),
        manual: z
          .enum(['fail', 'wait'])
          .default('fail')
          .describe('What a pipeline is that waits for a person: failed, or waited for.'),
        timeout: durationFromTo('1s', '48h').default('6h').describe('How long it may take.'),
      })
      .optional()
      .describe('A GitLab pipeline.'),
    imageBuilder: z
      .strictObject({
        pipeline: textLike(
          /^[\w{}/:.-]{1,200}$/,
          'the name or ARN of an image pipeline, in which {os} and {arch} are filled in',
        ).describe('The image pipeline; {os} and {arch} are filled in.'),
        parameter: textLike(
          /^(\/[\w.{}-]+)+$/,
          'the name of an SSM parameter, in which {os} and {arch} are filled in',
        )
          .optional()
          .describe(
            'SSM parameter that is given the build’s variables as JSON before a pipeline starts, for its component to read: a pipeline takes no parameters.',
          ),
        timeout: durationFromTo('1s', '48h').default('12h').describe('How long it may take.'),
      })
      .optional()
      .describe('An EC2 Image Builder pipeline.'),
  }),
  'builder',
);
export type Builder = z.infer<typeof builderSchema>;

const formatSchema = z
  .enum(['json', 'versions'])
  .default('json')
  .describe(
    'json: Nightshift’s own; versions: a version per line, of those that every base OS and architecture has.',
  );

const trackerSchema = oneOfKeys(
  z.strictObject({
    ssm: z
      .union(
        [
          ssmParameterSchema,
          z.strictObject({
            name: ssmParameterSchema,
            region: regionNameSchema.optional().describe('That of the line when absent.'),
            format: formatSchema,
          }),
        ],
        { error: 'must be the name of an SSM parameter, or { name, region, format }' },
      )
      .optional()
      .describe('An SSM parameter in the line’s account.'),
    gitlab: z
      .strictObject({
        ...gitlabProjectShape,
        name: textLike(
          /^[\w.-]+$/,
          'the name of a secure file: letters, digits and . _ -',
        ).describe('Name of the secure file.'),
        format: formatSchema,
      })
      .optional()
      .describe('A secure file of a GitLab project.'),
  }),
  'store',
);
export type Tracker = z.infer<typeof trackerSchema>;

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
      .strictObject({ codebuild: z.strictObject(codebuildShape) })
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
