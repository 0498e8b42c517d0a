import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { progressOn, startEmbeddedServer } from '../src/temporal/index.js';
import { cleanupCases } from './cleanup/cases.js';
import { type Measurement, runCase } from './cleanup/run-case.js';

const usage = `usage: npm run bench -- cleanup [--case NAME]… [--json]\ncases: ${cleanupCases.map(({ name }) => name).join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { case: { type: 'string', multiple: true }, json: { type: 'boolean' } },
});
const unknown = (values.case ?? []).filter((name) =>
  cleanupCases.every((each) => each.name !== name),
);
if (positionals[0] !== 'cleanup' || positionals.length > 1 || unknown.length > 0) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const stateDir = await mkdtemp(join(tmpdir(), 'nightshift-bench-'));
const progress = progressOn(process.stderr);
const server = await startEmbeddedServer({ stateDir, onProgress: progress.show }).finally(
  progress.done,
);
const results: { case: string; title: string; measurements: Measurement[] }[] = [];
try {
  for (const bench of cleanupCases.filter(
    ({ name }) => !values.case || values.case.includes(name),
  )) {
    process.stderr.write(`${bench.title} …\n`);
    const measurements = await runCase(bench, server);
    results.push({ case: bench.name, title: bench.title, measurements });
    if (!values.json) process.stdout.write(render(bench.title, measurements));
  }
} finally {
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
if (results.some(({ measurements }) => measurements.some((each) => !isMet(each))))
  process.exitCode = 1;

function isMet({ value, aim }: Measurement): boolean {
  if (!aim) return true;
  return aim.at === 'most' ? value <= aim.limit : value >= aim.limit;
}

function render(title: string, measurements: readonly Measurement[]): string {
  const lines = measurements.map((each) => {
    const value = Number.isInteger(each.value) ? String(each.value) : each.value.toFixed(2);
    const aim = each.aim
      ? `${isMet(each) ? 'met ' : 'MISSED'}  aim ${each.aim.at === 'most' ? '≤' : '≥'} ${each.aim.limit}`
      : '';
    return `  ${each.name.padEnd(44)} ${value.padStart(10)}  ${aim}`;
  });
  return `${title}\n${lines.join('\n')}\n\n`;
}
