import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxAdmin } from '../../sandbox/admin-client.js';
import { type Config, configSchema } from '../../src/domain/config/index.js';
import type { TemporalTarget } from '../../src/temporal/index.js';
import { type Measurement, withAims } from '../measurement.js';
import { sandboxLast } from '../processes.js';
import { Stage } from '../stage.js';
import { runBuildkiteJobs } from './buildkite-jobs.js';
import { steadyCalls } from './calls.js';
import { type BuildsCase, configOf, fleetOf, pollIntervalSeconds } from './cases.js';
import { type WrittenLine, delaysOf, percentile, writtenLines } from './delays.js';
import { runFileBuilds } from './file-builds.js';
import { GrowingFiles } from './growing-files.js';
import type { GrowthStep } from './growth.js';
import type { SunkBuild } from './sunk-build.js';

/** Runs one case in fresh processes and measures it. */
export async function runBuildsCase(
  bench: BuildsCase,
  server: TemporalTarget,
): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-bench-logs-'));
  const stage = await Stage.set({ ...bench, fleet: fleetOf(bench) }, server);
  try {
    return await measure(bench, stage, server, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  bench: BuildsCase,
  stage: Stage,
  server: TemporalTarget,
  folder: string,
): Promise<Measurement[]> {
  const config = configSchema.parse(configOf(bench, stage.url));
  const files = new GrowingFiles(folder);
  const started = Date.now();
  const sunk = await run(bench, stage, { server, config, folder }).finally(() => files.stop());
  const wallSeconds = (Date.now() - started) / 1000;
  const { peakRss, cpuSeconds } = await stage.stopWorker();
  const truths = await Promise.all(sunk.map((each) => truthOf(stage.admin, each)));
  const clock = await sandboxClock(stage.admin, bench.speed);
  const calls =
    bench.measures === 'delay'
      ? await steadyCalls(
          stage.admin,
          sunk.map(({ build }) => build),
        )
      : [];
  const { jobLogs } = await stage.stopSandbox(sandboxLast);
  const growths = bench.sink === 'file' ? files.growths() : jobLogs;
  const flows = sunk.map(({ log }, index) => ({
    lines: truths[index]?.lines ?? [],
    steps: (growths[log] ?? []).map(({ at, bytes }) => ({ at: clock(at), bytes })),
  }));
  return withAims(bench.aims, [
    { name: 'builds', value: sunk.length },
    ...(bench.measures === 'delay' ? delays(flows) : throughput(flows, bench.speed)),
    {
      name: 'logs that differ from their build’s',
      value: truths.filter(({ isWhole }) => !isWhole).length,
    },
    ...calls,
    { name: 'peak worker RSS in MB', value: peakRss / 2 ** 20 },
    { name: 'worker CPU seconds', value: cpuSeconds },
    { name: 'wall seconds', value: wallSeconds },
  ]);
}

function run(
  { sink, builds }: BuildsCase,
  stage: Stage,
  { server, config, folder }: { server: TemporalTarget; config: Config; folder: string },
): Promise<SunkBuild[]> {
  return sink === 'file'
    ? runFileBuilds(stage, { builds, config, folder })
    : runBuildkiteJobs(stage, { server, config });
}

/** A log on its way: when its lines could be read, and when its sink had them, in sandbox milliseconds. */
interface Flow {
  lines: WrittenLine[];
  steps: GrowthStep[];
}

/** What the sandbox itself knows of a build's log. */
async function truthOf(
  admin: SandboxAdmin,
  { build, bytes, sha256 }: SunkBuild,
): Promise<{ lines: WrittenLine[]; isWhole: boolean }> {
  const log = await admin.buildLog(build.buildId);
  const phase = build.phases.find(({ type }) => type === 'BUILD');
  const first = Date.parse(phase?.startedAt ?? '') + lateSeconds * 1000;
  return {
    lines: writtenLines(log.text ?? '', (line) => first + line * 1000),
    isWhole: log.bytes === bytes && log.sha256 === sha256,
  };
}

/** From when a line is written until it can be read: the sandbox's own, unless a fleet says otherwise. */
const lateSeconds = 1;

/** Real milliseconds in sandbox time, by the clock of the sandbox's ledger. */
async function sandboxClock(
  admin: SandboxAdmin,
  speed: number,
): Promise<(realTime: number) => number> {
  const [entry] = await admin.ledger({ limit: 1 });
  if (!entry) throw new Error('nothing was called');
  const time = Date.parse(entry.time);
  const realTime = Date.parse(entry.realTime);
  return (at) => time + (at - realTime) * speed;
}

function delays(flows: readonly Flow[]): Measurement[] {
  const all = flows.flatMap(({ lines, steps }) => delaysOf(lines, steps));
  const seconds = (share: number) => percentile(all, share) / 1000;
  return [
    { name: 'lines', value: all.length },
    { name: 'p50 delay in sandbox seconds', value: seconds(0.5) },
    { name: 'p95 delay in sandbox seconds', value: seconds(0.95) },
    { name: 'longest delay in sandbox seconds', value: seconds(1) },
    { name: 'p95 delay in poll intervals', value: seconds(0.95) / pollIntervalSeconds },
  ];
}

/** While nearly all of a log went to its sink: its first and last lines, CodeBuild's own, wait for the clock. */
function throughput(flows: readonly Flow[], speed: number): Measurement[] {
  return flows.flatMap(({ steps }) => {
    const whole = steps.at(-1)?.bytes ?? 0;
    const first = steps.find(({ bytes }) => bytes >= whole * 0.01);
    const last = steps.find(({ bytes }) => bytes >= whole * 0.99);
    if (!first || !last) return [];
    const seconds = (last.at - first.at) / 1000 / speed;
    return [
      { name: 'seconds for 98 % of the log', value: seconds },
      { name: 'MB of log per second', value: (last.bytes - first.bytes) / 2 ** 20 / seconds },
    ];
  });
}
