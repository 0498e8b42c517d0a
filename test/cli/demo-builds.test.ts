import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { until } from '../support/temporal/until.js';
import {
  type Demo,
  demoPlace,
  expectNothingOn,
  linesTooLong,
  livingOf,
  pidsIn,
  serverPid,
  startDemo,
  taskQueueIn,
} from './demo-runs.js';

const longest = 900_000;

const place = demoPlace();

test(
  'the demo runs builds and jobs, kills its worker on the way, and every log arrives as it is',
  { timeout: longest },
  async () => {
    const server = inject('temporalAddress');
    const demo = await startDemo({ ...place, name: 'whole', args: ['builds'], server });
    const exitCode = await demo.ended;
    const output = await demo.output();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });

    expect(output.match(/The worker was killed: kill -9 \d+/g)).toHaveLength(1);
    expect(output.match(/Worker 2 has taken over/g)).toHaveLength(1);
    expect(output).toMatch(/The log of compile-api for a moment[^]*\[\d\/8\] CC {2}src\/auth\.c/);
    await expectTable(output);
    expect(output).toMatch(/Logs +yes: 12 of 12 arrived byte for byte/);
    expect(output).toMatch(/Once +yes: each of the 12 was started once/);
    expect(output).toMatch(/Agents +(\d+) of \1 are disconnected; no stack is left/);
    expect(output).toMatch(/Running +nothing: no build was left/);
    expect(output).not.toMatch(/problem/);
    // No escapes in a file, and no line that 80 columns would break.
    expect(output).not.toContain('\u001b');
    expect(linesTooLong(output)).toEqual([]);

    const pids = pidsIn(output);
    expect(pids).toHaveLength(3);
    expect(await livingOf(pids)).toEqual([]);
    await expectNoScratch();
    await expectNothingOn(server, taskQueueIn(output));
  },
);

interface Row {
  status: string;
  exit: string;
  starts: string;
  bytes: number;
  log: string;
  arrived: string;
  same: string;
}

function rowsOf(output: string): Map<string, Row> {
  const table = output.slice(output.indexOf('Done'));
  const row =
    /^ {2}(\S+) +(\w+) +(-?\d+) +(\d+) +([\d,]+) +([0-9a-f]{8}) +([0-9a-f]{8}) +(yes|no)$/gm;
  return new Map(
    [...table.matchAll(row)].map((match) => {
      const [, name, status, exit, starts, bytes, log, arrived, same] = match;
      return [
        name!,
        {
          ...{ status: status!, exit: exit!, starts: starts!, log: log!, arrived: arrived! },
          ...{ same: same!, bytes: Number(bytes!.replaceAll(',', '')) },
        },
      ];
    }),
  );
}

async function expectTable(output: string): Promise<void> {
  const rows = rowsOf(output);
  expect([...rows.keys()]).toHaveLength(12);
  for (const { log, arrived, same, starts } of rows.values())
    expect({ arrived, same, starts }).toEqual({ arrived: log, same: 'yes', starts: '1' });
  expect(rows.get('compile-api')).toMatchObject({ status: 'SUCCEEDED', exit: '0' });
  expect(rows.get('e2e-tests')).toMatchObject({ status: 'failed', exit: '3' });
  expect(rows.get('deploy-preview')).toMatchObject({ status: 'canceled', exit: '-1' });
  expect(rows.get('load-test')).toMatchObject({ status: 'passed', exit: '0' });
  expect(rows.get('load-test')?.bytes).toBeGreaterThanOrEqual(20_000_000);
  // What the demo says of a file is so.
  const logs = /^Logs of the builds: (\S+)$/m.exec(output)?.[1];
  const log = await readFile(join(place.folder, logs!, 'compile-api.log'));
  const sum = createHash('sha256').update(log).digest('hex');
  expect(rows.get('compile-api')).toMatchObject({ log: sum.slice(0, 8), bytes: log.length });
}

const running = /deploy-preview runs/;
const ends = [
  // On a server that others use; elsewhere on one of its own.
  { signal: 'SIGINT', when: 'while builds run', seen: running, code: 130, isShared: true },
  {
    signal: 'SIGINT',
    when: 'while no worker answers',
    seen: /kill -9/,
    code: 130,
    isShared: false,
  },
  { signal: 'SIGKILL', when: 'while builds run', seen: running, code: 'SIGKILL', isShared: false },
] as const;

for (const { signal, when, seen, code, isShared } of ends) {
  test(
    `a demo that ${signal} ends ${when} leaves no process and no folder behind`,
    { timeout: longest },
    async () => {
      const server = inject('temporalAddress');
      const demo = await startDemo({
        ...{ ...place, name: `${signal} ${when}`, args: ['builds'] },
        ...(isShared ? { server } : {}),
      });
      await until(when, async () => seen.test(await demo.output()), longest / 2);
      const pids = [...(await pidsOf(demo)), ...(isShared ? [] : await serverPid(place))];
      demo.child.kill(signal);
      expect(await demo.ended).toBe(code);
      await until('all its processes are gone', async () => (await livingOf(pids)).length === 0);
      const output = await demo.output();
      if (signal === 'SIGINT') expect(output).toMatch(/\ninterrupted; nothing goes on\n$/);
      await expectNoScratch();
      if (isShared) await expectNothingOn(server, taskQueueIn(output));
    },
  );
}

/** The processes that the demo has named, and those of the builds that run. */
async function pidsOf(demo: Demo): Promise<number[]> {
  const named = await livingOf(pidsIn(await demo.output()));
  const [sandbox] = named;
  const builds = await descendantsOf(sandbox!);
  expect(builds.length).toBeGreaterThan(0);
  return [...named, ...builds];
}

async function descendantsOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const parents = [...stdout.matchAll(/(\d+) +(\d+)/g)].map((match) => match.slice(1).map(Number));
  const found = [pid];
  for (const parent of found)
    found.push(...parents.filter(([, of]) => of === parent).map(([child]) => child!));
  return found.slice(1);
}

/** Builds have their folders among the temporary files, and take them away. */
async function expectNoScratch(): Promise<void> {
  const left = await readdir(place.temporary);
  expect(left.filter((name) => name.startsWith('nightshift-build-'))).toEqual([]);
}
