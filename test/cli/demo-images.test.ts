import { expect, inject, test } from 'vitest';
import { until } from '../support/temporal/until.js';
import {
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
  'the demo keeps images up with a mirror, kills its worker on the way, and each image is built once',
  { timeout: longest },
  async () => {
    const server = inject('temporalAddress');
    const demo = await startDemo({ ...place, name: 'whole', args: ['images'], server });
    const exitCode = await demo.ended;
    const output = await demo.output();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });

    expect(output).toMatch(/3 images of 1 version to build/);
    expect(output).toMatch(/Waiting for approval: 3 images of 1 version/);
    expect(output).toMatch(/The other 3 are approved/);
    expect(output).toMatch(/The mirror gains 16\.11\.1-1 and 17\.0\.0-1\.[^]*sets\s+6 images/);
    expect(output.match(/The worker was killed: kill -9 \d+/g)).toHaveLength(1);
    expect(output.match(/Worker 2 has taken over/g)).toHaveLength(1);
    expectMatrix(output.slice(output.indexOf('\nDone\n')));
    expect(output).toMatch(/Once +yes: each of 8 images was built once/);
    expect(output).toMatch(
      /CodeBuild has 17 builds, begun by 17 StartBuild calls: 8 made an\s+image, 1 failed/,
    );
    expect(output).toMatch(/Copies +8 in us-east-1, for 8 images; no snapshot is left/);
    expect(output).toMatch(/Tracker +\/nightshift\/images\/runner-\w+ in SSM has 11 of 11/);
    expect(output).toMatch(/Quiet +yes: a last check found nothing new/);
    expect(output).not.toMatch(/problem/);
    // No escapes in a file, and no line that 80 columns would break, but for what is to be copied.
    expect(output).not.toContain('\u001b');
    expect(linesTooLong(output).filter((line) => !/^ +(https:|→ nightshift )/.test(line))).toEqual(
      [],
    );

    const pids = pidsIn(output);
    expect(pids).toHaveLength(3);
    expect(await livingOf(pids)).toEqual([]);
    await expectNothingOn(server, taskQueueIn(output));
  },
);

/** As `nightshift images status` shows it. */
function expectMatrix(output: string): void {
  const rows = [...output.matchAll(/^(\d+\.[\w.-]+) +(\S+) +(\S+) +(\S+)$/gm)];
  expect(rows.map(([, evr]) => evr)).toEqual([
    '17.0.0-1',
    '16.11.1-1',
    '16.11.0-1',
    '16.10.0-1',
    '16.9.1-1',
  ]);
  const isImage = expect.stringMatching(/^ami-[0-9a-f]{17}$/) as string;
  for (const [, evr, ...cells] of rows)
    expect(cells).toEqual([isImage, isImage, evr === '16.9.1-1' ? isImage : 'held']);
  expect(output).toContain('Held: 4 images');
  expect(output).toContain('given up after 2 attempts');
}

const ends = [
  // On a server that others use; elsewhere on one of its own.
  { signal: 'SIGINT', when: 'while images are built', seen: /is being built/, isShared: true },
  { signal: 'SIGINT', when: 'while no worker answers', seen: /kill -9/, isShared: false },
] as const;

for (const { signal, when, seen, isShared } of ends) {
  test(
    `a demo that ${signal} ends ${when} leaves no process and no workflow behind`,
    { timeout: longest },
    async () => {
      const server = inject('temporalAddress');
      const demo = await startDemo({
        ...{ ...place, name: `${signal} ${when}`, args: ['images'] },
        ...(isShared ? { server } : {}),
      });
      await until(when, async () => seen.test(await demo.output()), longest / 2);
      const named = await livingOf(pidsIn(await demo.output()));
      const pids = [...named, ...(isShared ? [] : await serverPid(place))];
      expect(pids.length).toBeGreaterThanOrEqual(2);
      demo.child.kill(signal);
      expect(await demo.ended).toBe(130);
      await until('all its processes are gone', async () => (await livingOf(pids)).length === 0);
      const output = await demo.output();
      expect(output).toMatch(/\ninterrupted; nothing goes on\n$/);
      if (isShared) await expectNothingOn(server, taskQueueIn(output));
    },
  );
}
