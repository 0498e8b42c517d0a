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
/** What a child process that fails is rejected with. */
const failedRun = z.object({ stderr: z.string() });
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
  const { selected, complaint } = await attemptDryRun(run);
  if (complaint !== undefined) throw new Error(`Custodian failed:\n${complaint}`);
  return selected;
}

/** The same, but a policy that Custodian fails on is left out, with what it says of these in `complaint`. */
export async function attemptDryRun(
  run: DryRun,
): Promise<{ selected: Map<string, string[]>; complaint: string | undefined }> {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-custodian-'));
  try {
    const output = join(home, 'output');
    const complaint = await custodian(run, home, output);
    const selected = new Map<string, string[]>();
    for (const policy of run.policies) {
      const text = await readFile(join(output, policy, 'resources.json'), 'utf8').catch(() => '');
      if (text === '') continue;
      const all = resources.parse(JSON.parse(text));
      const here = all.filter((resource) => isIn(resource, run.region));
      selected.set(policy, here.map(idOf).sort());
    }
    if (complaint === undefined && selected.size < run.policies.length) {
      throw new Error('Custodian has left out a policy without saying so');
    }
    return { selected, complaint };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Resolves to what it complained of, if it did. */
async function custodian(run: DryRun, home: string, output: string): Promise<string | undefined> {
  const options = ['--dryrun', '--region', run.region, '--output-dir', output];
  try {
    await promisify(execFile)(
      emulatorPython(),
      ['-m', 'c7n.cli', 'run', ...options, '--cache-period', '0', ...run.files],
      {
        cwd: home,
        timeout: runLimit,
        maxBuffer: 64 * 1024 * 1024,
        // Nothing of the caller's own AWS settings.
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          ...awsEnvironment(run.endpoint, run.account, run.region),
        },
      },
    );
    return undefined;
  } catch (error) {
    return failedRun.parse(error).stderr;
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
