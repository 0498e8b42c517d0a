import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Measurement, type NamedAim, withAims } from '../measurement.js';
import { BenchProcess } from '../processes.js';
import { type MirrorMessage, type ReaderMessage, mirrorReady, readerReady } from './messages.js';
import { packageCount, productEvery } from './metadata-xml.js';
import { type Packing, packings, writeRepositories } from './write-repository.js';

const megabyte = 1e6;

type Reading = z.infer<typeof readerReady>;

const aims: readonly NamedAim[] = packings.flatMap((packing) => [
  { name: `${packing}: MB of open XML per second`, limit: 45, at: 'least' as const },
  { name: `${packing}: peak RSS, MB`, limit: 150, at: 'most' as const },
]);

/** Reads a primary.xml of 120 MB from a mirror, packed in each way. */
export async function benchMetadata(): Promise<Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'nightshift-bench-mirror-'));
  try {
    const megabytes = (await writeRepositories(directory)) / megabyte;
    const mirror = await BenchProcess.start('./images/mirror-process.js', {
      message: { directory } satisfies MirrorMessage,
      ready: mirrorReady,
    });
    const measured: Measurement[] = [{ name: 'open XML, MB', value: megabytes }];
    for (const packing of packings)
      measured.push(...(await measure(packing, directory, mirror.ready.url, megabytes)));
    await mirror.stop(z.object({}));
    return withAims(aims, measured);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(
  packing: Packing,
  directory: string,
  url: string,
  megabytes: number,
): Promise<Measurement[]> {
  const place = {
    url: `${url}/${packing}`,
    packed: join(directory, packing, 'repodata', `primary.xml.${packing}`),
  };
  const readings = await readSometimes({ ...place, does: 'read' });
  const whole = readings.reduce((best, each) => (each.seconds < best.seconds ? each : best));
  // Of the product's packages those that run on x86_64: none is of another architecture.
  if (whole.packages !== packageCount / productEvery)
    throw new Error(`${packing}: ${whole.packages} packages were found`);
  const unpacked = await inOwnProcess({ ...place, does: 'unpack' });
  const parsed = await inOwnProcess({ ...place, does: 'parse' });
  const perCpu = ({ cpuSeconds }: { cpuSeconds: number }) => megabytes / cpuSeconds;
  return [
    { name: `${packing}: MB of open XML per second`, value: megabytes / whole.seconds },
    {
      name: `${packing}: peak RSS, MB`,
      value: Math.max(...readings.map(({ peakRss }) => peakRss)) / megabyte,
    },
    { name: `${packing}: MB per second on a core`, value: perCpu(whole) },
    { name: `${packing}: MB per second on a core, unpacked only`, value: perCpu(unpacked) },
    { name: `${packing}: MB per second on a core, parsed only`, value: perCpu(parsed) },
  ];
}

/** Three times, each in a process of its own: what else the machine does must not count as ours. */
async function readSometimes(message: ReaderMessage): Promise<Reading[]> {
  const readings: Reading[] = [];
  while (readings.length < 3) readings.push(await inOwnProcess(message));
  return readings;
}

async function inOwnProcess(message: ReaderMessage): Promise<Reading> {
  const reader = await BenchProcess.start('./images/reader-process.js', {
    message,
    ready: readerReady,
  });
  await reader.stop(z.object({}));
  return reader.ready;
}
