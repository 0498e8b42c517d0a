import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { type Plan, planSchema } from '../../src/domain/cleanup/plan.js';
import { type RunResult, runResultSchema } from '../../src/domain/cleanup/result.js';
import type { ConfigInput } from '../../src/domain/config/index.js';
import { startEmbeddedServer } from '../../src/temporal/index.js';
import { awsEnvironment, hubAccount } from './aws.js';
import { type Finished, nightshift } from './nightshift.js';

export interface WorkspaceOptions {
  /** Of the emulator, or of the proxy before it. */
  endpoint: string;
  accounts: ConfigInput['accounts'];
  regions: readonly string[];
  /** Paths of policy files; the workspace gets copies. */
  policies: readonly string[];
  /** The account that Nightshift's own credentials belong to; the hub when absent. */
  credentials?: string;
}

/** A folder as a user has it: a config, policies, and Nightshift's own state. */
export interface Workspace {
  /** `nightshift cleanup plan --json --local`, with more flags. */
  plan(...flags: string[]): Promise<Plan>;
  /** `nightshift cleanup run --yes --json --local`, with more flags; any exit code will do. */
  run(...flags: string[]): Promise<{ exitCode: number; result: RunResult }>;
  remove(): Promise<void>;
}

export async function makeWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-emulator-'));
  const config = join(home, 'nightshift.yaml');
  await mkdir(join(home, 'policies'));
  for (const path of options.policies) {
    await copyFile(path, join(home, 'policies', basename(path)));
  }
  await writeFile(config, stringify(configFor(options)));

  // A server of its own, and named: one that happens to run on this machine is none of ours.
  const server = await startEmbeddedServer({ stateDir: join(home, '.nightshift') }).catch(
    async (error: unknown) => {
      await rm(home, { recursive: true, force: true });
      throw error;
    },
  );

  const cleanup = (command: string, flags: string[]): Promise<Finished> =>
    nightshift(['cleanup', command, '--config', config, '--json', '--local', ...flags], {
      cwd: home,
      env: {
        ...awsEnvironment(options.endpoint, options.credentials ?? hubAccount, 'us-east-1'),
        TEMPORAL_ADDRESS: server.address,
      },
    });
  return {
    plan: async (...flags) => {
      const finished = await cleanup('plan', flags);
      if (finished.exitCode !== 0) throw failure('plan', finished);
      return planSchema.parse(parseJson('plan', finished));
    },
    run: async (...flags) => {
      const finished = await cleanup('run', ['--yes', ...flags]);
      const result = runResultSchema.parse(parseJson('run', finished));
      return { exitCode: finished.exitCode, result };
    },
    remove: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function configFor({ accounts, regions, policies }: WorkspaceOptions): ConfigInput {
  const unpaced = { perSecond: 500, burst: 500 };
  return {
    accounts,
    regions: [...regions],
    policies: policies.map((path) => `policies/${basename(path)}`),
    // The emulator takes no time to delete, so nothing is gained by waiting for it.
    pace: { pollInterval: '50ms', cloudformation: unpaced, s3: unpaced, rds: unpaced },
  };
}

/** JSON stands alone on stdout: anything else there is an error. */
function parseJson(command: string, finished: Finished): unknown {
  try {
    return JSON.parse(finished.stdout);
  } catch {
    throw failure(command, finished);
  }
}

function failure(command: string, { exitCode, stdout, stderr }: Finished): Error {
  return new Error(
    `nightshift cleanup ${command} ended with ${exitCode}\n` +
      `stdout: ${stdout.slice(-5_000)}\nstderr: ${stderr.slice(-10_000)}`,
  );
}
