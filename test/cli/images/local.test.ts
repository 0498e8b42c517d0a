import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../support/temporal/until.js';
import { type Scene, createScene } from './scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ address: inject('temporalAddress') }, { firstRunLimit: 20 });
});
afterAll(() => scene.close());

describe('--local, without any worker', () => {
  it('plans, then checks and waits to the end, exit 1 as one image is given up', async () => {
    const plan = await scene.run('images', 'plan', scene.line, '--local');
    expect(plan.stdout).toContain('4 images of 2 versions to build');
    expect(plan.code).toBe(0);
    const check = await scene.run('images', 'check', scene.line, '--local');
    expect(check.stdout.match(/^built /gm)).toHaveLength(3);
    expect(check.stdout).toContain(`${scene.line}/dev: 3 built, 1 failed\n`);
    expect(check.code).toBe(1);
    const status = await scene.run('images', 'status', scene.line, '--local');
    expect(status.stdout).toContain('3 built, 1 held\n');
  });

  it('left by Ctrl-C says that the line waits for its worker', async () => {
    const waiting = scene.start('images', 'build', scene.slow, '--channel', 'dev', '--local');
    await until('it waits', () => waiting.written().stdout.includes('set to be built'));
    waiting.signal('SIGINT');
    const { code, stderr } = await waiting.finished;
    expect(stderr).toContain(`Detaching: ${scene.slow}/dev waits for its worker, which ends now.`);
    expect(stderr).toContain(`check ${scene.slow} --channel dev --local --wait`);
    expect(code).toBe(130);
  });
});
