import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type TemporalTarget, progressOn, startEmbeddedServer } from '../src/temporal/index.js';
import { type BuildsCase, buildsCases } from './builds/cases.js';
import { runBuildsCase } from './builds/run-case.js';
import { cleanupCases } from './cleanup/cases.js';
import { runCase } from './cleanup/run-case.js';
import { imagesCases } from './images/cases.js';
import { type Measurement, isMet, render } from './measurement.js';

interface BenchCase {
  name: string;
  title: string;
  run: (server: TemporalTarget) => Promise<Measurement[]>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    case: { type: 'string', multiple: true },
    json: { type: 'boolean' },
    builds: { type: 'string' },
    speed: { type: 'string' },
  },
});
const groups: Record<string, BenchCase[]> = {
  cleanup: cleanupCases.map((bench) => ({ ...bench, run: (server) => runCase(bench, server) })),
  builds: buildsCases.map((bench) => ({
    ...bench,
    run: (server) => runBuildsCase({ ...bench, ...changesTo(bench) }, server),
  })),
  images: [...imagesCases],
};
const cases = casesOf(positionals, values.case);
for (const name of ['builds', 'speed'] as const)
  if (!/^[1-9]\d*$/.test(values[name] ?? '1')) {
    process.stderr.write(`--${name} must be a whole number from 1, was ${values[name]}\n`);
    process.exit(2);
  }

const stateDir = await mkdtemp(join(tmpdir(), 'nightshift-bench-'));
const progress = progressOn(process.stderr);
const server = await startEmbeddedServer({ stateDir, onProgress: progress.show }).finally(
  progress.done,
);
const results: { case: string; title: string; measurements: Measurement[] }[] = [];
try {
  for (const { name, title, run } of cases) {
    process.stderr.write(`${title} …\n`);
    const measurements = await run(server);
    results.push({ case: name, title, measurements });
    if (!values.json) process.stdout.write(render(title, measurements));
  }
} finally {
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
if (results.some(({ measurements }) => measurements.some((each) => !isMet(each))))
  process.exitCode = 1;

/** The cases that are asked for; ends with the usage where there are no such. */
function casesOf([group = '', ...others]: readonly string[], names?: string[]): BenchCase[] {
  const known = groups[group] ?? [];
  const chosen = known.filter(({ name }) => names?.includes(name) ?? true);
  if (others.length === 0 && chosen.length > 0 && chosen.length === (names ?? known).length)
    return chosen;
  const usage = Object.entries(groups).map(
    ([each, list]) =>
      `  npm run bench -- ${each} [--case NAME]… [--json]   cases: ${list.map(({ name }) => name).join(', ')}\n`,
  );
  process.stderr.write(`usage:\n${usage.join('')}of builds also [--builds N] [--speed N]\n`);
  process.exit(2);
}

/** A case of many builds at another size: for a look, or on another machine. */
function changesTo({ measures, builds, speed }: BuildsCase): Partial<BuildsCase> {
  if (measures !== 'delay') return {};
  return { builds: Number(values.builds ?? builds), speed: Number(values.speed ?? speed) };
}
