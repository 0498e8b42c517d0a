import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../src/temporal/package-root.js';

const folder = join(packageRoot(), 'examples/packer');
const text = readFileSync(join(folder, 'project.yaml'), 'utf8');

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.looseObject({
  Sid: z.string(),
  Effect: z.literal('Allow'),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
type Statement = z.infer<typeof statementSchema>;

const properties = z.record(z.string(), z.unknown());
const templateSchema = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string() })),
  Resources: z.object({
    Project: z.looseObject({ Properties: properties }),
    LogGroup: z.looseObject({ Properties: properties }),
    Role: z.looseObject({ Properties: properties }),
  }),
});
// CloudFormation's tags are read as the plain values below them, so that all branches of `!If` count.
const template = templateSchema.parse(parse(text, { logLevel: 'error' }));
const { Project, LogGroup, Role } = template.Resources;

/** Every statement of the role's policies, whatever the parameters. */
function statementsOf(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  const statement = statementSchema.safeParse(value);
  return statement.success ? [statement.data] : Object.values(value).flatMap(statementsOf);
}
const statements = statementsOf(Role.Properties['Policies']);
const granting = (action: string) => statements.filter(({ Action }) => Action.includes(action));

/** What amazon-ebs needs as image.pkr.hcl uses it: see the plugin's steps, from the key pair to the image's tags. */
const needed = [
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:CreateImage',
  'ec2:CreateKeyPair',
  'ec2:CreateSecurityGroup',
  'ec2:CreateTags',
  'ec2:DeleteKeyPair',
  'ec2:DeleteSecurityGroup',
  'ec2:DeleteSnapshot',
  'ec2:DeregisterImage',
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeRegions',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSnapshots',
  'ec2:DescribeSubnets',
  'ec2:DescribeTags',
  'ec2:DescribeVolumes',
  'ec2:DescribeVpcs',
  'ec2:RunInstances',
  'ec2:StopInstances',
  'ec2:TerminateInstances',
];

describe('the project for Packer', () => {
  it('takes its source, with buildspec.yml in it, from the bucket', () => {
    expect(Project.Properties).toMatchObject({
      Source: { Type: 'S3', Location: '${SourceBucket}/${SourceKey}' },
    });
  });

  it('leaves manifests as files in a folder for each build, or none at all', () => {
    expect(Project.Properties['Artifacts']).toMatchObject([
      'HasArtifacts',
      { Type: 'S3', NamespaceType: 'BUILD_ID', Packaging: 'NONE' },
      { Type: 'NO_ARTIFACTS' },
    ]);
  });

  it('writes to a log group of its own, which Nightshift may read and which ends', () => {
    expect(LogGroup.Properties).toMatchObject({
      LogGroupName: '/aws/codebuild/${ProjectName}',
      RetentionInDays: 'LogRetentionDays',
    });
    expect(granting('logs:PutLogEvents')).toMatchObject([{ Resource: ['LogGroup.Arn'] }]);
  });

  it('sets each variable that the template and the buildspec read, and that Nightshift doesn’t', () => {
    const set = z
      .looseObject({ EnvironmentVariables: z.array(z.object({ Name: z.string() })) })
      .parse(Project.Properties['Environment'])
      .EnvironmentVariables.map(({ Name }) => Name);
    const used = ['image.pkr.hcl', 'playbook.yml', 'buildspec.yml']
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    for (const name of set) expect(used, name).toContain(name);
  });

  it('uses every parameter, and takes only values that make sense', () => {
    for (const [parameter, rules] of Object.entries(template.Parameters)) {
      expect(text, parameter).toMatch(new RegExp(`!Ref ${parameter}\\b|\\$\\{${parameter}\\}`));
      const constrained = ['AllowedPattern', 'AllowedValues', 'MinValue'].some(
        (key) => key in rules,
      );
      expect(constrained, parameter).toBe(parameter !== 'InstanceTypes');
    }
  });

  it('has the defaults that README.md names', () => {
    const rows = [
      ...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(
        /^\| `([A-Z][a-z][A-Za-z]*)`\s*\| ([^|]*?)\s*\|/gm,
      ),
    ].map(([, name = '', standard = '']) => [name, standard.replaceAll('`', '')]);
    const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => {
      const standard = z.union([z.string(), z.number()]).optional().parse(Default);
      return [name, standard === undefined ? 'required' : standard === '' ? 'none' : `${standard}`];
    });
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(defaults));
  });
});

describe('the role of builds that run Packer', () => {
  it('is CodeBuild’s, for this project alone', () => {
    expect(Role.Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'codebuild.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': 'AWS::AccountId',
              'aws:SourceArn': expect.stringMatching(/:project\/\$\{ProjectName\}$/) as unknown,
            },
          },
        },
      ],
    });
  });

  it.each(needed)('may %s', (action) => {
    expect(granting(action)).not.toEqual([]);
  });

  it('may do nothing else in EC2 but look, has no wildcard among its actions, and hands on no role', () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(actions.filter((action) => action.startsWith('iam:'))).toEqual([]);
    const ec2 = actions.filter((action) => action.startsWith('ec2:') && !needed.includes(action));
    expect(ec2.filter((action) => !action.startsWith('ec2:Describe'))).toEqual([]);
  });

  it('names a resource wherever one can be named', () => {
    for (const { Action, Resource } of statements)
      if (Resource.includes('*'))
        expect(Action.filter((action) => !action.startsWith('ec2:Describe'))).toEqual([]);
  });

  it.each([
    'ec2:StopInstances',
    'ec2:TerminateInstances',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:DeleteSecurityGroup',
    'ec2:DeregisterImage',
    'ec2:DeleteSnapshot',
  ])('may %s only of what carries its tag', (action) => {
    for (const { Condition } of granting(action))
      expect(Condition).toEqual({
        StringEquals: { 'aws:ResourceTag/nightshift:builder': 'ProjectName' },
      });
  });

  it('makes instances, volumes, groups, images and snapshots only with its tag', () => {
    const kinds = ['instance', 'volume', 'security-group', 'image', 'snapshot'];
    const makes = ['ec2:RunInstances', 'ec2:CreateSecurityGroup', 'ec2:CreateImage'];
    const loose = statements
      .filter(({ Action }) => Action.some((action) => makes.includes(action)))
      .filter(({ Condition }) => !JSON.stringify(Condition ?? {}).includes('nightshift:builder'))
      .flatMap(({ Action, Resource }) =>
        Resource.map((resource) => `${Action.join()} ${resource.split(':').at(-1)}`),
      )
      .filter((line) => kinds.some((kind) => line.endsWith(` ${kind}/*`)));
    // What an instance is started from is somebody else's.
    expect(loose).toEqual(['ec2:RunInstances image/*']);
  });

  it('starts instances of the given types only, with IMDSv2 only', () => {
    const [statement] = statements.filter(({ Sid }) => Sid === 'StartInstances');
    expect(statement?.Condition).toMatchObject({
      StringEquals: { 'ec2:InstanceType': 'InstanceTypes', 'ec2:MetadataHttpTokens': 'required' },
    });
  });

  it('tags what it creates while it creates it, and afterwards only its own images', () => {
    expect(granting('ec2:CreateTags').map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: {
          'ec2:CreateAction': [
            'CreateImage',
            'CreateKeyPair',
            'CreateSecurityGroup',
            'RunInstances',
          ],
        },
      },
      { StringEquals: { 'aws:ResourceTag/nightshift:builder': 'ProjectName' } },
    ]);
  });

  it('reads the source, and writes manifests and parameters where it is told', () => {
    const resources = (action: string) => granting(action).flatMap(({ Resource }) => Resource);
    const s3 = 'arn:${AWS::Partition}:s3:::';
    expect(resources('s3:GetObject')).toEqual([`${s3}\${SourceBucket}/\${SourceKey}`]);
    expect(resources('s3:PutObject')).toEqual([`${s3}\${ArtifactBucket}/\${ProjectName}/*`]);
    expect(resources('ssm:PutParameter')).toEqual([
      'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${PublishPath}/*',
    ]);
  });
});
