import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import { defineFleet, startSandbox } from '../../sandbox/index.js';
import { type LineHandle, NightshiftClient } from '../../src/client/index.js';
import { type ConfigInput, configSchema } from '../../src/domain/config/index.js';
import { installTelemetry } from '../../src/telemetry/index.js';
import type { TemporalTarget } from '../../src/temporal/index.js';
import { createWorker } from '../../src/worker.js';

const account = { id: '111111111111', name: 'dev-1' };
const region = 'ap-southeast-2';
export const product = 'gitlab-runner';
export const mirror = 'el9';

export interface LineBench {
  versions: string[];
  oses: number;
  architectures: string[];
  line?: Partial<NonNullable<ConfigInput['images']>[number]>;
}

export interface LineStage {
  line: LineHandle;
  admin: SandboxAdmin;
  temporal: Client;
}

/** A line with a mirror and builds that take no time, and a worker, in this process; gone once the work is done. */
export async function withLine<T>(
  server: TemporalTarget,
  bench: LineBench,
  work: (stage: LineStage) => Promise<T>,
): Promise<T> {
  installTelemetry({ log: { level: 'error' } });
  const sandbox = await startSandbox({ fleet: fleetOf(bench), speed: 1_000 });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: region,
  });
  const config = configSchema.parse(configOf(bench, sandbox.url));
  const taskQueue = `bench-${randomUUID()}`;
  const worker = await createWorker({
    server,
    taskQueue,
    ownSetup: () => Promise.resolve({ config, policies: [] }),
    workerTimeout: config.pace.workerTimeout,
  });
  const running = worker.run();
  const connection = await Connection.connect(server.connectionOptions);
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  const [first] = config.images ?? [];
  const line = nightshift.images.line(first?.line ?? '');
  const temporal = new Client({ connection, namespace: server.namespace });
  try {
    return await work({ line, temporal, admin: new SandboxAdmin(sandbox.url) });
  } finally {
    await temporal.workflow
      .getHandle(line.workflowId)
      .terminate()
      .catch(() => undefined);
    await nightshift.close();
    await connection.close();
    worker.stop();
    await running;
    await sandbox.close();
  }
}

function fleetOf({ versions, architectures }: LineBench) {
  return defineFleet({
    regions: [region],
    accounts: [account],
    projects: [
      {
        account: account.name,
        region,
        name: 'image-build',
        behaviour: { phases: { BUILD: 1 }, log: { lines: 1 } },
        image: {},
      },
    ],
    mirrors: [
      { name: mirror, kind: 'rpm', packages: [{ name: product, versions, arch: architectures }] },
    ],
  });
}

function configOf({ oses, architectures, line }: LineBench, url: string): ConfigInput {
  const fast = { perSecond: 10_000, burst: 10_000 };
  return {
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    pace: { codebuild: fast, logs: fast, ec2: fast, ssm: fast, workerTimeout: '5s' },
    builds: { pollInterval: '10ms', logDrain: '10ms', logWait: '1s' },
    images: [
      {
        line: 'runner',
        product,
        source: { rpm: `${url}/mirror/${mirror}` },
        architectures,
        baseOs: Array.from({ length: oses }, (_, index) => ({
          name: `os-${index}`,
          baseImage: 'ami-0123456789abcdef0',
        })),
        account: account.name,
        region,
        builder: { codebuild: { project: 'image-build' } },
        ...line,
      },
    ],
  };
}
