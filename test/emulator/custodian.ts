import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { awsEnvironment } from './aws.js';
import { emulatorPython } from './environment.js';

const runLimit = 120_000;

const stack = z.object({ StackName: z.string(), StackId: z.string() });
const bucket = z.object({
  Name: z.string(),
  Location: z.object({ LocationConstraint: z.string().nullable() }),
});
const snapshot = z.object({ DBSnapshotIdentifier: z.string(), DBSnapshotArn: z.string() });
const resources = z.array(z.union([stack, bucket, snapshot]));
type Resource = z.infer<typeof resources>[number];

export interface DryRun {
  endpoint: string;
  account: string;
  region: string;
  /** Paths of policy files, in Custodian's own YAML. */
  files: readonly string[];
  /** Names of the policies in these files. */
  policies: readonly string[];
}

/**
 * Runs the real Cloud Custodian's dry run, and returns the ids (StackId or ARN) that each policy selects.
 *
 * Custodian selects all of an account's buckets whichever region it is run for, so each would be counted
 * once per region: only those of the region are kept.
 */
export async function custodianDryRun(run: DryRun): Promise<Map<string, string[]>> {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-custodian-'));
  try {
    const output = join(home, 'output');
    const options = ['--dryrun', '--region', run.region, '--output-dir', output];
    await promisify(execFile)(
      emulatorPython(),
      ['-m', 'c7n.cli', 'run', ...options, '--cache-period', '0', ...run.files],
      {
        cwd: home,
        timeout: runLimit,
        // Nothing of the caller's own AWS settings.
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          ...awsEnvironment(run.endpoint, run.account, run.region),
        },
      },
    );
    const selected = run.policies.map(async (policy): Promise<[string, string[]]> => {
      const text = await readFile(join(output, policy, 'resources.json'), 'utf8');
      const all = resources.parse(JSON.parse(text));
      return [
        policy,
        all
          .filter((resource) => isIn(resource, run.region))
          .map(idOf)
          .sort(),
      ];
    });
    return new Map(await Promise.all(selected));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function isIn(resource: Resource, region: string): boolean {
  if (!('Location' in resource)) return true;
  // S3 calls us-east-1 null, being older than regions.
  return (resource.Location.LocationConstraint ?? 'us-east-1') === region;
}

function idOf(resource: Resource): string {
  if ('StackId' in resource) return resource.StackId;
  if ('DBSnapshotArn' in resource) return resource.DBSnapshotArn;
  return `arn:aws:s3:::${resource.Name}`;
}
