import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Action: z.union([z.string(), z.array(z.string())]),
  Condition: z.unknown().optional(),
});

/** What a template's roles may be granted at once. */
export interface Statement {
  sid: string | undefined;
  actions: string[];
  /** As JSON, with CloudFormation's tags read as the plain values below them. */
  conditions: string | undefined;
}

/**
 * The statements of a template's roles, whatever its parameters. CloudFormation's tags are read as the plain values
 * below them, so both branches of an `!If` count, and `!Ref Parameter` (which has no colon) doesn't.
 */
export async function statementsOf(template: string): Promise<Statement[]> {
  const statements: Statement[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { data } = statementSchema.safeParse(value);
    if (data && !('Principal' in value)) {
      const actions = [data.Action].flat().filter((action) => action.includes(':'));
      statements.push({ sid: data.Sid, actions, conditions: JSON.stringify(data.Condition) });
    }
    for (const child of Object.values(value)) walk(child);
  };
  walk(parse(await readFile(template, 'utf8'), { logLevel: 'error' }));
  return statements;
}

/** The actions that a template's roles may be granted. */
export async function grantedActions(template: string): Promise<Set<string>> {
  return new Set((await statementsOf(template)).flatMap(({ actions }) => actions));
}

/** Those at the head of a file, and those of a client that is loaded when it is needed. */
const imports = [
  /import\s+(?!type\b)\{(?<names>[^}]*)\}\s+from\s+'@aws-sdk\/client-(?<service>[a-z0-9-]+)'/g,
  /const\s+\{(?<names>[^}]*)\}\s+=\s+await import\('@aws-sdk\/client-(?<service>[a-z0-9-]+)'\)/g,
];

/** The API calls that TypeScript makes through the AWS SDK: `{ service: 's3', call: 'ListObjectVersions' }`. */
export function apiCalls(source: string): { service: string; call: string }[] {
  const found = imports.flatMap((pattern) => [...source.matchAll(pattern)]);
  return found.flatMap(({ groups }) =>
    (groups?.['names'] ?? '')
      .split(',')
      .map((name) => name.trim().split(' as ')[0] ?? '')
      .filter((name) => !name.startsWith('type '))
      .flatMap((name) => {
        const call =
          /^paginate(?<call>\w+)$/.exec(name)?.groups?.['call'] ??
          /^(?<call>[A-Z]\w*)Command$/.exec(name)?.groups?.['call'];
        return call === undefined ? [] : [{ service: groups?.['service'] ?? '', call }];
      }),
  );
}

/** IAM's names for services, where they aren't the SDK's. */
const otherPrefixes: Record<string, string> = { 'cloudwatch-logs': 'logs' };

/**
 * IAM's names for calls, where they aren't `service:Call`.
 * Source: "Actions, resources, and condition keys" in AWS's Service Authorization Reference.
 */
const otherNames: Record<string, readonly string[]> = {
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:ListObjects': ['s3:ListBucket'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:DeleteObject': ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  's3:DeleteObjects': ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketReplication': ['s3:GetReplicationConfiguration'],
  's3:GetObjectLockConfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  // Anyone may ask who they are.
  'sts:GetCallerIdentity': [],
};

/** What a call needs besides its own action. */
const companions: Record<string, readonly string[]> = {
  // DeleteStack with a RoleARN passes that role to CloudFormation.
  'cloudformation:DeleteStack': ['iam:PassRole'],
  // Of a SecureString under a customer's key.
  'ssm:GetParameter': ['kms:Decrypt'],
  // To be told that an object isn't there, rather than that it is denied.
  's3:GetObject': ['s3:ListBucket'],
  // With DeleteAssociatedSnapshots.
  'ec2:DeregisterImage': ['ec2:DeleteSnapshot'],
  // The copy is tagged as it is made, and its volumes may be encrypted with a customer's key.
  'ec2:CopyImage': [
    'ec2:CreateTags',
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  // The execution is tagged as it is started.
  'imagebuilder:StartImagePipelineExecution': ['imagebuilder:TagResource'],
  // A session that has tags passes them on.
  'sts:AssumeRole': ['sts:TagSession'],
};

export function iamActions(service: string, call: string): readonly string[] {
  const name = `${otherPrefixes[service] ?? service}:${call}`;
  return [...(otherNames[name] ?? [name]), ...(companions[name] ?? [])];
}
