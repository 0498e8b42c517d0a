import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../../src/temporal/package-root.js';

const folder = join(packageRoot(), 'examples/codebuild');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.looseObject({
  Effect: z.literal('Allow'),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});
type Statement = z.infer<typeof statementSchema>;

const templateSchema = z.looseObject({
  Parameters: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Description: z.string().optional() }),
  ),
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }),
  ),
  Outputs: z.record(z.string(), z.unknown()),
});

/** A template; CloudFormation's tags are read as the plain values below them, so that all branches of `!If` count. */
function readTemplate(name: string) {
  const text = read(name);
  const template = templateSchema.parse(parse(text, { logLevel: 'error' }));
  const { Project, Role, LogGroup } = template.Resources;
  if (!Project || !Role || !LogGroup) throw new Error(`${name} lacks a resource`);
  return { text, template, project: Project.Properties, role: Role.Properties, group: LogGroup };
}

/** Every statement of a role's policies, whatever the parameters. */
function statementsOf(role: Record<string, unknown>): Statement[] {
  const found: Statement[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const statement = statementSchema.safeParse(value);
    if (statement.success) found.push(statement.data);
    else for (const child of Object.values(value)) walk(child);
  };
  walk(role['Policies']);
  return found;
}

/**
 * Actions that IAM ties to no resource: `*` is all that their statement can say.
 * Source: the tables of EC2 and ECR in AWS's Service Authorization Reference.
 */
const withoutResource = [
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ecr:GetAuthorizationToken',
];

describe.each([
  ['project.yaml', 'buildspec.yml'],
  ['plain-project.yaml', 'plain-buildspec.yml'],
])('%s', (name, buildspec) => {
  const { text, template, project, role, group } = readTemplate(name);
  const statements = statementsOf(role);

  it(`holds the very text of ${buildspec}`, () => {
    const { BuildSpec } = z.looseObject({ BuildSpec: z.string() }).parse(project['Source']);
    expect(BuildSpec).toBe(read(buildspec));
  });

  it('lets nobody but CodeBuild take the role, for this project alone', () => {
    expect(role['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'codebuild.amazonaws.com' },
          Action: 'sts:AssumeRole',
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

  it('grants nothing on every resource where one can be named', () => {
    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Resource } of statements)
      if (Resource.includes('*')) expect(withoutResource).toEqual(expect.arrayContaining(Action));
  });

  it('has no wildcard among its actions', () => {
    expect(statements.flatMap(({ Action }) => Action).filter((a) => a.includes('*'))).toEqual([]);
  });

  it('writes to its own log group only, which Nightshift may read and which ends', () => {
    const logs = statements.filter(({ Action }) => Action.some((a) => a.startsWith('logs:')));
    expect(logs).toEqual([
      expect.objectContaining({
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: ['LogGroup.Arn'],
      }),
    ]);
    expect(group.Properties).toMatchObject({
      LogGroupName: '/aws/codebuild/${ProjectName}',
      RetentionInDays: 'LogRetentionDays',
    });
    expect(project['LogsConfig']).toMatchObject({ CloudWatchLogs: { GroupName: 'LogGroup' } });
  });

  it('uses every parameter, and takes only values that make sense', () => {
    for (const [parameter, rules] of Object.entries(template.Parameters)) {
      expect(text, parameter).toMatch(new RegExp(`!Ref ${parameter}\\b|\\$\\{${parameter}\\}`));
      const free = ['KnownHosts', 'SubnetIds', 'SecurityGroupIds', 'JobPolicyArns'];
      const constrained = ['AllowedPattern', 'AllowedValues', 'MinValue'].some(
        (key) => key in rules,
      );
      expect(constrained, parameter).toBe(!free.includes(parameter));
    }
  });
});

describe('the role of Buildkite jobs', () => {
  const statements = statementsOf(readTemplate('project.yaml').role);
  const granted = (action: string) => {
    const [statement, ...others] = statements.filter(({ Action }) => Action.includes(action));
    expect(others).toEqual([]);
    return statement;
  };
  const parameter = (name: string) =>
    'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter' + name;

  it('reads the tokens of jobs and the SSH key by name, and lists nothing', () => {
    expect(granted('ssm:GetParameters')?.Resource).toEqual([
      parameter('/nightshift/buildkite/jobs/*'),
    ]);
    expect(granted('ssm:GetParameter')?.Resource).toEqual([parameter('${SshKeyParameter}')]);
    const ssm = statements.flatMap(({ Action }) => Action).filter((a) => a.startsWith('ssm:'));
    expect(ssm).toHaveLength(2);
  });

  it('decrypts with the named key, through SSM, and that parameter only', () => {
    expect(granted('kms:Decrypt')).toMatchObject({
      Resource: ['KmsKeyArn'],
      Condition: {
        StringEquals: {
          'kms:ViaService': 'ssm.${AWS::Region}.amazonaws.com',
          'kms:EncryptionContext:PARAMETER_ARN': parameter('${SshKeyParameter}'),
        },
      },
    });
  });

  it('pulls from the named repository only', () => {
    expect(granted('ecr:BatchGetImage')?.Resource).toEqual(['ImageRepositoryArn']);
  });

  it('lends network interfaces of its VPC to CodeBuild, and to nobody else', () => {
    expect(granted('ec2:CreateNetworkInterfacePermission')?.Condition).toMatchObject({
      StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
      ArnEquals: { 'ec2:Vpc': expect.stringContaining('${VpcId}') as unknown },
    });
  });
});

describe('README.md of examples/codebuild', () => {
  it('explains every parameter with its default', () => {
    const { template } = readTemplate('project.yaml');
    const rows = new Map(
      [...read('README.md').matchAll(/^\| `([A-Z][a-z][A-Za-z]*)`\s*\| ([^|]*?)\s*\|/gm)].map(
        ([, name = '', standard = '']) => [name, standard.replaceAll('`', '')],
      ),
    );
    const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => {
      const standard = z.union([z.string(), z.number()]).parse(Default);
      return [name, standard === '' ? 'none' : String(standard)];
    });
    expect(Object.fromEntries([...rows])).toEqual(Object.fromEntries(defaults));
  });
});
