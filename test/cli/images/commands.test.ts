import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest';
import { z } from 'zod';
import { until } from '../../support/temporal/until.js';
import { nightshift } from '../support/command.js';
import { type Scene, createScene } from './scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ address: inject('temporalAddress') });
  await scene.startWorker();
});
afterAll(async () => {
  await scene.close();
});

const images = (...args: string[]) => scene.run('images', ...args);

const statusSchema = z.looseObject({
  line: z.string(),
  channel: z.string(),
  awaitingApproval: z.number(),
  cells: z.array(
    z.looseObject({
      os: z.string(),
      arch: z.string(),
      evr: z.string(),
      state: z.enum(['built', 'missing', 'building', 'held']),
      imageId: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
});

async function statusOf(...args: string[]) {
  return statusSchema.parse(JSON.parse((await images('status', ...args, '--json')).stdout));
}

const isPlain = (text: string) => !text.includes('\u001b');
const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

describe('a line, from its first plan on', () => {
  it('status, before anything was checked, says so and what to do, exit 2', async () => {
    const { code, stdout, stderr } = await images('status', scene.line);
    expect(stderr).toContain(`line ${scene.line}/dev has never been checked`);
    expect(stderr).toContain(`nightshift images check ${scene.line} --channel dev`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('plan shows what would be built, newest first, and what waits for approval; builds nothing', async () => {
    const { code, stdout } = await images('plan', scene.line);
    expect(stdout).toBe(
      [
        `${scene.line}/dev: 3 images of 2 versions to build`,
        '  16.11.0-1  al2023/x86_64  rocky9/x86_64',
        '  16.10.0-1  al2023/x86_64',
        '',
        'Waiting for approval: 1 image of 1 version',
        '  16.10.0-1  rocky9/x86_64',
        `  → nightshift images check ${scene.line} --channel dev --approve`,
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
    expect(await scene.admin.builds()).toEqual([]);
  });

  it('plan --json has the line, its channel and its cells, alone on stdout', async () => {
    const { code, stdout } = await images('plan', scene.line, '--json');
    const plan = statusSchema.parse(JSON.parse(stdout));
    const cell = { arch: 'x86_64', state: 'missing' };
    expect(plan).toMatchObject({ line: scene.line, channel: 'dev', awaitingApproval: 1 });
    expect(plan.cells).toEqual([
      { ...cell, os: 'al2023', evr: '16.11.0-1' },
      { ...cell, os: 'rocky9', evr: '16.11.0-1' },
      { ...cell, os: 'al2023', evr: '16.10.0-1' },
      { ...cell, os: 'rocky9', evr: '16.10.0-1', reason: 'waits for approval' },
    ]);
    expect(code).toBe(0);
  });

  it('check --wait waits until all is built, with a line for each image', async () => {
    const { code, stdout } = await images('check', scene.line, '--wait');
    expect(stdout).toContain(`${scene.line}/dev: 3 images of 2 versions set to be built\n`);
    expect(stdout.match(/^built {3}16\.1\d\.0-1 on \w+ \(x86_64\): ami-[0-9a-f]+$/gm)).toHaveLength(
      3,
    );
    expect(stdout).toContain(`${scene.line}/dev: 3 built, 0 failed\n`);
    expect(stdout).toContain('1 image waiting for approval:\n  → nightshift images check');
    expect(code).toBe(0);
  });

  it('check --wait with nothing new says so, exit 0', async () => {
    const { code, stdout } = await images('check', scene.line, '--wait');
    expect(stdout).toContain(`${scene.line}/dev: nothing new: the mirror is as it was\n`);
    expect(code).toBe(0);
    const plan = await images('plan', scene.line, '--os', 'al2023');
    expect(plan.stdout).toBe(`${scene.line}/dev: nothing new to build\n`);
  });

  it('check --approve --wait is 1 when an image was given up, and says why and where its log is', async () => {
    const { code, stdout } = await images('check', scene.line, '--approve', '--wait');
    expect(stdout).toMatch(/^failed {2}16\.10\.0-1 on rocky9 \(x86_64\): /m);
    expect(stdout).toMatch(/^ {8}https:\/\/\S+$/m);
    expect(stdout).toContain(`${scene.line}/dev: 0 built, 1 failed\n`);
    expect(code).toBe(1);
  });

  it('a check later is no failure for what is held since earlier', async () => {
    const { code, stdout } = await images('check', scene.line, '--wait', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ started: [], built: [], failed: [], held: 1 });
    expect(code).toBe(0);
  });

  it('status is a matrix without colours that fits 80 columns, and says why images are held', async () => {
    const { code, stdout } = await images('status', scene.line);
    const ids = (await statusOf(scene.line)).cells.flatMap(({ imageId }) => imageId ?? []);
    expect(ids).toHaveLength(3);
    const [head, counts, gap, title, newest, oldest] = stdout.split('\n');
    expect(head).toMatch(
      new RegExp(`^${scene.line}/dev: gitlab-runner, mirror read \\d{4}-.* UTC$`),
    );
    expect([counts, gap]).toEqual(['3 built, 1 held', '']);
    expect(title?.split(/ +/)).toEqual(['VERSION', 'al2023', 'rocky9']);
    expect(newest?.split(/ +/)).toEqual(['16.11.0-1', ids[0], ids[1]]);
    expect(oldest?.split(/ +/)).toEqual(['16.10.0-1', ids[2], 'held']);
    expect(stdout).toContain('Held: 1 image\n  16.10.0-1 on rocky9 (x86_64), given up after 2');
    expect(stdout).toContain('--version 16.10.0-1 --os rocky9 --arch x86_64');
    expect(isPlain(stdout)).toBe(true);
    const links = /^.*(https:|nightshift images).*$/gm;
    expect(widest(stdout.replaceAll(links, ''))).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it('status --json is the line, its channel and its cells, alone on stdout', async () => {
    const status = await statusOf(scene.line, '--version', '16.10.0');
    expect(status).toMatchObject({ line: scene.line, channel: 'dev' });
    expect(status.cells).toMatchObject([
      { os: 'al2023', arch: 'x86_64', evr: '16.10.0-1', state: 'built' },
      { os: 'rocky9', arch: 'x86_64', evr: '16.10.0-1', state: 'held' },
    ]);
    expect(status.cells[0]?.imageId).toMatch(/^ami-/);
    expect(status.cells[1]?.reason).toContain('packer build');
  });

  it('report --output writes the matrix as a page', async () => {
    const { code, stdout } = await images('report', scene.line, '--output', 'line.html');
    const path = join(scene.folder, 'line.html');
    expect(stdout).toBe(`report written to ${path}\n`);
    const html = await readFile(path, 'utf8');
    for (const { imageId } of (await statusOf(scene.line)).cells)
      if (imageId !== undefined) expect(html).toContain(imageId);
    expect(html).toContain('16.10.0-1');
    expect(code).toBe(0);
    const lost = await images('report', scene.line, '--output', 'nowhere/line.html');
    expect(lost.stderr).toContain('--output');
    expect(lost.stderr).toContain('nowhere/line.html can’t be written');
    expect(lost.code).toBe(2);
  });

  it('release lets a held image be tried again, which the next check waits for', async () => {
    const { code, stdout } = await images('release', scene.line, '--os', 'rocky9');
    expect(stdout).toBe(
      '1 image of 1 version released, to be built as there is room\n  16.10.0-1  rocky9/x86_64\n',
    );
    expect(code).toBe(0);
    const check = await images('check', scene.line, '--wait');
    expect(check.code).toBe(0);
    expect((await statusOf(scene.line)).cells.map(({ state }) => state)).toEqual(
      Array(4).fill('built'),
    );
    expect((await images('release', scene.line)).stdout).toBe('nothing of that is held\n');
  });

  it('build --rebuild builds anew what is named, and nothing else', async () => {
    const before = await statusOf(scene.line);
    const which = ['--version', '16.11.0', '--os', 'al2023'];
    const idle = await images('build', scene.line, ...which, '--wait');
    expect(idle.stdout).toContain('nothing new');
    expect(idle.code).toBe(0);
    const { code, stdout } = await images('build', scene.line, ...which, '--rebuild', '--wait');
    expect(stdout).toMatch(/^built {3}16\.11\.0-1 on al2023 \(x86_64\): ami-/m);
    expect(stdout).toContain(': 1 built, 0 failed\n');
    expect(code).toBe(0);
    const after = await statusOf(scene.line);
    const changed = after.cells.filter(
      ({ imageId }, index) => imageId !== before.cells[index]?.imageId,
    );
    expect(changed).toMatchObject([{ os: 'al2023', evr: '16.11.0-1', state: 'built' }]);
  });

  it('seed says what it found and added', async () => {
    const { code, stdout } = await images('seed', scene.line);
    expect(stdout).toMatch(/^\d images found by their tags, 0 added to the record\n$/);
    expect(code).toBe(0);
    const json = await images('seed', scene.line, '--from', 'images', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ added: 0 });
  });

  it('prune --dry-run shows what would go', async () => {
    const { code, stdout } = await images('prune', scene.line, '--dry-run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'there is nothing to remove\n' });
  });

  it('prune removes nothing where nobody can be asked, unless told --yes', async () => {
    for (const flags of [[], ['--json']]) {
      const { code, stdout, stderr } = await images('prune', scene.line, ...flags);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('--yes: must be given where nobody can be asked (or --dry-run)');
    }
    const { code, stdout } = await images('prune', scene.line, '--yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'there is nothing to remove\n' });
  });

  it('list shows the lines of the config and how they stand', async () => {
    const { code, stdout } = await images('list');
    expect(stdout).toMatch(/^LINE +CHANNEL +BUILT +BUILDING +MISSING +HELD +MIRROR READ \(UTC\)\n/);
    expect(stdout).toMatch(new RegExp(`^${scene.line} +dev +4 +0 +0 +0 +\\d{4}-`, 'm'));
    expect(stdout).toMatch(new RegExp(`^${scene.slow} +release +- +- +- +- +never$`, 'm'));
    expect(code).toBe(0);
  });
});

describe('Ctrl-C while waiting', () => {
  it('leaves the line at work, says how to look again, exit 130', async () => {
    const waiting = scene.start('images', 'check', scene.slow, '--channel', 'release', '--wait');
    await until('it waits', () => waiting.written().stdout.includes('set to be built'));
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.finished;
    expect(stderr).toContain(`Detaching: ${scene.slow}/release goes on.`);
    expect(stderr).toContain(`nightshift images status ${scene.slow} --channel release`);
    expect(code).toBe(130);
    await until('they are built', async () =>
      (await statusOf(scene.slow, '--channel', 'release')).cells.every(
        ({ state }) => state === 'building',
      ),
    );
    const again = await images('check', scene.slow, '--channel', 'release', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ started: [] });
    expect(again.code).toBe(0);
  });
});

describe('what is wrong is named with what there is, exit 2', () => {
  test.each([
    { args: ['plan', 'nope'], says: ['"nope" is not a line of images', 'must be one of runner-'] },
    {
      args: ['check', 'SLOW', '--channel', 'beta'],
      says: ['"beta" is not a channel of slow-', 'dev, release'],
    },
    {
      args: ['build', 'LINE', '--version', '16.1.0'],
      says: ['"16.1.0" is not one of the line’s', '16.11.0-1, 16.10.0-1'],
    },
    {
      args: ['status', 'LINE', '--version', '16.1'],
      says: ['"16.1" is not one of the line’s', '16.11.0-1, 16.10.0-1'],
    },
    {
      args: ['release', 'LINE', '--os', 'el7'],
      says: ['"el7" is not one of the line’s', 'al2023, rocky9'],
    },
    { args: ['status', 'LINE', '--arch', 'sparc'], says: ['"sparc"', 'x86_64'] },
    { args: ['seed', 'LINE', '--from', 'nowhere'], says: ["'nowhere' is invalid", 'tracker'] },
    { args: ['check'], says: ["missing required argument 'line'"] },
    { args: ['check', 'LINE', '--version', '16'], says: ["unknown option '--version'"] },
  ])('$args', async ({ args, says }) => {
    const named = args.map((word) => ({ LINE: scene.line, SLOW: scene.slow })[word] ?? word);
    const { code, stdout, stderr } = await images(...named);
    for (const part of says) expect(stderr).toContain(part);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('no worker is said, exit 3', async () => {
    const temporal = { address: inject('temporalAddress'), taskQueue: `nobody-${scene.line}` };
    const config = await scene.writeConfig({ ...scene.config, temporal }, 'nobody.yaml');
    const { code, stderr } = await nightshift(['images', 'check', scene.line, '--config', config], {
      ...scene.options,
      env: { ...scene.options.env, NIGHTSHIFT_WORKER_WAIT: '0' },
    });
    expect(stderr).toContain('no worker polls the task queue');
    expect(code).toBe(3);
  });
});

describe('--version', () => {
  it('before a command is Nightshift’s, --debug counts wherever it stands', async () => {
    expect((await scene.run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const status = ['status', scene.slow, '--channel', 'dev'];
    expect((await images(...status)).stderr).not.toContain('WorkflowNotFoundError');
    for (const args of [
      ['--debug', 'images', ...status],
      ['images', '--debug', ...status],
      ['images', ...status, '--debug'],
    ]) {
      const { code, stderr } = await scene.run(...args);
      expect(stderr).toContain('WorkflowNotFoundError');
      expect(code).toBe(2);
    }
  });
});
