import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exitCodeOf, exitCodeOfRun, exitCodes } from '../../src/cli/exit.js';
import { failureClasses } from '../../src/domain/cleanup/classify.js';
import { mendLimits, openPhases } from '../../src/domain/cleanup/item-state.js';
import { outcomes, runStatuses } from '../../src/domain/cleanup/result.js';
import { configSchema } from '../../src/domain/config/index.js';
import { NightshiftError, errorCodes } from '../../src/domain/errors.js';
import { nightshiftOptionsSchema } from '../../src/domain/policy/index.js';
import { configWith, smallestImages } from '../config/fixtures.js';
import { docAt, root, tableOf } from './documents.js';

const operations = docAt('docs/operations.md');
const rows = (header: string) => tableOf(operations, header);
const names = (header: string) => rows(header).map(([name]) => name);
const rowOf = (header: string, name: string) =>
  rows(header)
    .find(([first]) => first === name)
    ?.join(' ') ?? '';

describe('docs/operations.md', () => {
  it('explains every status of a run, with its exit code', () => {
    expect(names('status')).toEqual([...runStatuses]);
    for (const status of runStatuses)
      expect(
        rows('status')
          .find(([name]) => name === status)
          ?.at(-1),
      ).toBe(String(exitCodeOfRun({ status, targets: [] })));
  });

  it('explains every outcome of an item', () => {
    expect(names('outcome')).toEqual([...outcomes]);
  });

  it('explains every class of failure', () => {
    expect(names('class').sort()).toEqual([...failureClasses].sort());
  });

  it('tells how often each failure is mended', () => {
    const tries = (name: string) => rowOf('class', name);
    expect(tries('network-interfaces')).toContain(`up to ${mendLimits.networkInterfaces} times`);
    expect(tries('replicated-function')).toContain(`up to ${mendLimits.replicatedFunction} times`);
    expect(tries('throttled')).toContain(`up to ${mendLimits.throttled} times`);
    expect(tries('bucket-not-empty')).toContain(`up to ${mendLimits.buckets} times`);
    expect(rowOf('what', 'a stack that somebody updates')).toContain(`${mendLimits.busy} times`);
  });

  it('explains every error code, with its exit code', () => {
    expect(names('code').sort()).toEqual([...errorCodes].sort());
    for (const code of errorCodes)
      expect(
        rows('code')
          .find(([name]) => name === code)
          ?.at(-1),
      ).toBe(String(exitCodeOf(new NightshiftError(code, ''))));
  });

  it('explains every exit code', () => {
    const text = operations.slice(operations.indexOf('## Exit codes'));
    const codes = tableOf(text, 'code').map(([code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCodes));
  });

  it('explains every phase of an item', () => {
    const text = operations.slice(operations.indexOf('Of an item:'));
    expect(tableOf(text, 'phase').map(([name]) => name)).toEqual([...openPhases]);
  });

  const defaults = configSchema.parse(configWith({}));
  const { images: [line] = [] } = configSchema.parse(parse(smallestImages));
  it.each([
    ['pace.pollInterval', defaults.pace.pollInterval, '5s', '5 s'],
    ['pace.workerTimeout', defaults.pace.workerTimeout, '30s', '30 s'],
    ['pace.retries', defaults.pace.retries, 8, '8 times'],
    ['pace.targetsAtOnce', defaults.pace.targetsAtOnce, 50, '50'],
    ['pace.deletesAtOnce', defaults.pace.deletesAtOnce, 100, '100'],
    ['cleanup.deleteTimeout', defaults.cleanup.deleteTimeout, '4h', '4 h'],
    ['cleanup.waits.busy', defaults.cleanup.waits.busy, '30s', '30 s'],
    ['cleanup.approvalTimeout', defaults.cleanup.approvalTimeout, '24h', '24 h'],
    ['images[].concurrency', line?.concurrency, 4, '4'],
    ['images[].attempts', line?.attempts.most, 3, '3 tries'],
    ['images[].attempts', line?.attempts.delay, '10m', '10 min'],
    ['images[].imageTimeout', line?.imageTimeout, '6h', '6 h'],
    ['images[].firstRunLimit', line?.firstRunLimit, 20, '20 images'],
    ['passes', nightshiftOptionsSchema.parse({}).passes, 4, '4'],
  ])('has the default of %s', (key, standard, known, shown) => {
    expect(standard).toBe(known);
    const row = rows('what').find(([, , setBy]) => setBy?.includes(key));
    expect(row?.[1]).toContain(shown);
  });
});

describe('environment variables', () => {
  // Those of the demo's own processes, those that mark a build, and what a builder is told: nobody sets them.
  const ours = [
    'NIGHTSHIFT_DEMO_SERVER',
    'NIGHTSHIFT_EMULATOR_PYTHON',
    'NIGHTSHIFT_BUILD',
    'NIGHTSHIFT_BUILD_TOKEN',
    'NIGHTSHIFT_BUILD_ORIGIN',
    'NIGHTSHIFT_KEY',
    'NIGHTSHIFT_BASE_IMAGE',
    'NIGHTSHIFT_IMAGE_ID',
  ];
  const variablesIn = (folder: string): string[] => {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    const texts = files
      .filter((file) => /\.m?[jt]s$/.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8'));
    const found = texts.flatMap((text) =>
      [...text.matchAll(/env(?:\.|\[')(NIGHTSHIFT_\w+)/g)].map((match) => match[1] ?? ''),
    );
    return [...new Set(found)].filter((name) => !ours.includes(name)).sort();
  };

  it('of the program are in docs/operations.md, and no others', () => {
    const documented = [...operations.matchAll(/^\| `(NIGHTSHIFT_\w+)`/gm)].map(([, name]) => name);
    expect(documented.sort()).toEqual(variablesIn('src'));
  });

  it('of the tests and scripts are in CONTRIBUTING.md, and no others', () => {
    const contributing = docAt('CONTRIBUTING.md');
    const documented = [...contributing.matchAll(/^\| `(NIGHTSHIFT_\w+)`/gm)].map(
      ([, name]) => name,
    );
    const used = [...variablesIn('test'), ...variablesIn('scripts')];
    const known = variablesIn('src');
    expect(documented.sort()).toEqual([...new Set(used)].filter((n) => !known.includes(n)).sort());
  });
});
