import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { until } from '../support/temporal/until.js';
import {
  type Demo,
  demoPlace,
  linesTooLong,
  livingOf,
  pidsIn,
  serverPid,
  startDemo,
} from './demo-runs.js';

const longest = 900_000;

const place = demoPlace();
/** On the server of the tests, unless `alone`. */
const start = (name: string, { alone = false } = {}) =>
  startDemo({ ...place, name, ...(alone ? {} : { server: inject('temporalAddress') }) });

const pastMinutes = { timeout: 3 * longest };

test(
  'the demo cleans the fleet, kills its worker on the way, and each stack goes once',
  pastMinutes,
  async () => {
    await expectGood(await start('first'));
  },
);

test('the demo works again, and beside another one', pastMinutes, async () => {
  const demos = [await start('second'), await start('beside')];
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
  expect(linesTooLong(output.slice(output.indexOf('Done:')))).toEqual([]);

  const pids = pidsIn(output);
  expect(pids).toHaveLength(3);
  expect(await livingOf(pids)).toEqual([]);
  await expectReport(output);
}

async function expectReport(output: string): Promise<void> {
  const path = /^Report: (\S+)/m.exec(output)?.[1];
  const report = await readFile(join(place.folder, path!), 'utf8');
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
      const demo = await start(`${signal} ${when}`, { alone: true });
      await until(when, async () => seen.test(await demo.output()), longest / 2);
      const pids = [...pidsIn(await demo.output()), ...(await serverPid(place))];
      expect((await livingOf(pids)).length).toBeGreaterThanOrEqual(2);
      demo.child.kill(signal);
      expect(await demo.ended).toBe(code);
      await until('all its processes are gone', async () => (await livingOf(pids)).length === 0);
      if (signal === 'SIGINT')
        expect(await demo.output()).toMatch(/\ninterrupted; nothing goes on\n$/);
    },
  );
}
