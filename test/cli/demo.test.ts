import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/temporal/package-root.js';
import { processIdentity } from '../../src/temporal/process-identity.js';
import { until } from '../support/temporal/until.js';

const program = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');
const longest = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-demo-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Demo {
  child: ChildProcess;
  output: () => Promise<string>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Runs the demo as a user does who sends its output to a file; on a server of its own where none is given. */
async function startDemo(name: string, server?: string): Promise<Demo> {
  const path = join(folder, `${name}.txt`);
  const file = await open(path, 'w');
  const kept = Object.entries(process.env).filter(([key]) => !/^(AWS_|TEMPORAL_)/.test(key));
  const child = spawn(process.execPath, [program, 'demo'], {
    cwd: folder,
    env: {
      ...Object.fromEntries(kept),
      ...(server === undefined ? {} : { TEMPORAL_ADDRESS: server }),
    },
    stdio: ['ignore', file.fd, file.fd],
  });
  await file.close();
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, ended, output: () => readFile(path, 'utf8') };
}

/** Process ids that the demo has named on the screen. */
function pidsIn(output: string): number[] {
  return [...output.matchAll(/\bprocess (\d+)/g)].map((match) => Number(match[1]));
}

async function livingOf(pids: readonly number[]): Promise<number[]> {
  const identities = await Promise.all(pids.map(processIdentity));
  return pids.filter((_, index) => identities[index] !== undefined);
}

const pastMinutes = { timeout: 3 * longest };

test(
  'the demo cleans the fleet, kills its worker on the way, and each stack goes once',
  pastMinutes,
  async () => {
    await expectGood(await startDemo('first', inject('temporalAddress')));
  },
);

test('the demo works again, and beside another one', pastMinutes, async () => {
  const demos = [
    await startDemo('second', inject('temporalAddress')),
    await startDemo('beside', inject('temporalAddress')),
  ];
  await Promise.all(demos.map(expectGood));
});

async function expectGood(demo: Demo): Promise<void> {
  const exitCode = await demo.ended;
  const output = await demo.output();
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });

  expect(output).toMatch(/Done: 17\d deleted, \d skipped, 1 blocked, 0 failed \(completed\)/);
  expect(output.match(/The worker was killed: kill -9 \d+/g)).toHaveLength(1);
  expect(output.match(/Worker 2 has taken over/g)).toHaveLength(1);
  expect(output).toMatch(/Once +yes: each of the 16\d stacks was deleted once/);
  expect(output).toMatch(/blocked +payments-db: an export is imported by payments-reporting/);
  expect(output).toMatch(/deleted +dev-3\/eu-west-1 old-tooling: at try 2/);
  // No escapes in a file, and no line of the summary that 80 columns would break.
  expect(output).not.toContain('\u001b');
  const summary = output.slice(output.indexOf('Done:'));
  expect(summary.split('\n').filter((line) => line.length > 80)).toEqual([]);

  const pids = pidsIn(output);
  expect(pids).toHaveLength(3);
  expect(await livingOf(pids)).toEqual([]);
  await expectReport(output);
}

async function expectReport(output: string): Promise<void> {
  const path = /^Report: (\S+)/m.exec(output)?.[1];
  const report = await readFile(join(folder, path!), 'utf8');
  const deleted = [...output.matchAll(/^\S+ (\S+) deleted (\S+)$/gm)].map((match) => match[2]!);
  expect(deleted.length).toBeGreaterThan(170);
  for (const name of [...deleted, 'payments-db', 'release-candidate', 'StackSet-guardrails'])
    expect(report).toContain(name);
}

const ends = [
  { signal: 'SIGINT', when: 'while stacks go', seen: / deleted \S+$/m, code: 130 },
  { signal: 'SIGINT', when: 'while no worker answers', seen: /no worker answers/, code: 130 },
  { signal: 'SIGKILL', when: 'while stacks go', seen: / deleted \S+$/m, code: 'SIGKILL' },
] as const;

for (const { signal, when, seen, code } of ends) {
  test(
    `a demo that ${signal} ends ${when} leaves no process behind`,
    { timeout: longest },
    async () => {
      const demo = await startDemo(`${signal} ${when}`);
      await until(when, async () => seen.test(await demo.output()), longest / 2);
      const pids = [...pidsIn(await demo.output()), ...(await serverPid())];
      expect((await livingOf(pids)).length).toBeGreaterThanOrEqual(2);
      demo.child.kill(signal);
      expect(await demo.ended).toBe(code);
      await until('all its processes are gone', async () => (await livingOf(pids)).length === 0);
      if (signal === 'SIGINT')
        expect(await demo.output()).toMatch(/\ninterrupted; nothing goes on\n$/);
    },
  );
}

/** The Temporal server that the demo started, unless it found one on the default port. */
async function serverPid(): Promise<number[]> {
  const path = join(folder, '.nightshift', 'server.json');
  if (!existsSync(path)) return [];
  const recordSchema = z.object({ server: z.object({ pid: z.number() }) });
  return [recordSchema.parse(JSON.parse(await readFile(path, 'utf8'))).server.pid];
}
