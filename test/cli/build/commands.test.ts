import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { BuildListing, Builds } from '../../../src/cli/build/builds.js';
import { listBuilds } from '../../../src/cli/build/list.js';
import { printLog } from '../../../src/cli/build/logs.js';
import { runBuild } from '../../../src/cli/build/run.js';
import { renderStatus, showStatus } from '../../../src/cli/build/status.js';
import { stopBuild } from '../../../src/cli/build/stop.js';
import { watchToResult } from '../../../src/cli/build/watch.js';
import { FakeBuild, phasesOf, resultOf, started } from './fake-build.js';
import { own, start } from './log-text.js';
import { fakeStage, Kept } from './stage.js';

const log = ['one\n', own('Entering phase BUILD'), 'two\n'];

/** A client that has one build, and notes what it was asked to run. */
function clientOf(build: FakeBuild): Builds & { runs: unknown[][] } {
  const runs: unknown[][] = [];
  return {
    runs,
    run: (...asked) => {
      runs.push(asked);
      return Promise.resolve(build);
    },
    get: () => Promise.resolve(build),
    async *list() {
      const listing: BuildListing = {
        workflowId: 'build-image-w',
        runId: 'r',
        status: 'RUNNING',
        startedAt: new Date(start).toISOString(),
        endedAt: new Date(start + 65_000).toISOString(),
      };
      for (let count = 0; count < 3; count += 1) yield await Promise.resolve(listing);
    },
  };
}

describe('build run', () => {
  const request = { project: 'image-build' };
  const session = { loaded: undefined, local: false };

  it('--detach prints the build id alone on stdout, its link on stderr, and leaves', async () => {
    const stage = fakeStage();
    const builds = clientOf(new FakeBuild({ lasts: true }));
    const flags = { groups: 'auto', detach: true, name: 'mine' } as const;
    expect(await runBuild(request, flags, { builds, session, stage })).toBe(0);
    expect(stage.stdout.text).toBe('image:0f3a\n');
    expect(stage.stderr.text).toContain(started.links.console);
    expect(builds.runs).toEqual([[request, { workflowId: 'mine' }]]);
  });

  it('--detach --json prints the ids and links', async () => {
    const stage = fakeStage();
    const builds = clientOf(new FakeBuild({ lasts: true }));
    const flags = { groups: 'auto', detach: true, json: true } as const;
    expect(await runBuild(request, flags, { builds, session, stage })).toBe(0);
    expect(JSON.parse(stage.stdout.text)).toEqual({ workflowId: 'build-image-w', ...started });
    expect(builds.runs).toEqual([[request, {}]]);
  });

  it.each([
    ['interrupt', 130],
    ['terminate', 1],
  ] as const)('--detach, ended by %s before there is a build, stops it', async (told, code) => {
    const stage = fakeStage();
    const build = new FakeBuild({ lasts: true });
    build.started = () => new Promise(() => undefined);
    stage.told.send(told);
    const flags = { groups: 'auto', detach: true } as const;
    expect(await runBuild(request, flags, { builds: clientOf(build), session, stage })).toBe(code);
    expect(build.stops).toHaveLength(1);
    expect(stage.stdout.text).toBe('');
    expect(stage.told.isClosed).toBe(true);
  });

  it('that is told to end while its build is asked for stops the build', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ lasts: true });
    const builds = clientOf(build);
    builds.run = () => {
      stage.told.send('terminate');
      return Promise.resolve(build);
    };
    expect(await runBuild(request, { groups: 'auto' }, { builds, session, stage })).toBe(1);
    expect(build.stops).toEqual(['stopped by SIGTERM']);
  });

  it('--local names the build by what is asked for, so that the same command finds it again', async () => {
    const builds = clientOf(new FakeBuild());
    const local = { loaded: undefined, local: true };
    for (const project of ['image-build', 'image-build', 'other'])
      await runBuild(
        { project },
        { groups: 'auto' },
        { builds, session: local, stage: fakeStage() },
      );
    const names = builds.runs.map(([, options]) => JSON.stringify(options));
    expect(names[0]).toMatch(/"build-local-[\da-f]{12}"/);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });
});

describe('build logs', () => {
  it('prints the log alone on stdout and ends, though the build goes on', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ log, lasts: true });
    expect(await printLog(build, { groups: 'auto' }, stage)).toBe(0);
    expect(stage.stdout.text).toBe(log.join(''));
    expect(stage.stderr.text).toBe('');
  });

  it('has groups on a CI', async () => {
    const stage = fakeStage({ env: { BUILDKITE: 'true' } });
    await printLog(new FakeBuild({ log }), { groups: 'auto' }, stage);
    expect(stage.stdout.text).toBe(
      `--- DOWNLOAD_SOURCE\none\n--- BUILD\n${own('Entering phase BUILD')}two\n`,
    );
  });

  it('--json prints how the build stands on stdout, the log on stderr', async () => {
    const stage = fakeStage();
    await printLog(new FakeBuild({ log }), { groups: 'none', json: true }, stage);
    expect(JSON.parse(stage.stdout.text)).toEqual({
      buildId: 'image:0f3a',
      status: 'SUCCEEDED',
      phase: 'COMPLETED',
    });
    expect(stage.stderr.text).toBe(log.join(''));
  });

  it('ends quietly when its reader has gone', async () => {
    const stage = fakeStage({ stdout: new Kept({ breaksAfter: 5 }) });
    expect(await printLog(new FakeBuild({ log }), { groups: 'none' }, stage)).toBe(0);
    expect(stage.stdout.text).toBe('one\n');
    expect(stage.stderr.text).toBe('');
  });
});

describe('a disk that is full', () => {
  it('is an error', async () => {
    const stdout = () => new Kept({ breaksAfter: 5, code: 'ENOSPC' });
    const build = new FakeBuild({ log });
    await expect(
      printLog(build, { groups: 'none' }, fakeStage({ stdout: stdout() })),
    ).rejects.toThrow('write ENOSPC');
    const watched = watchToResult(build, {
      groups: 'none',
      stage: fakeStage({ stdout: stdout() }),
      local: false,
    });
    await expect(watched).rejects.toThrow('write ENOSPC');
  });
});

describe('build stop', () => {
  it('stops the build with the reason and waits for its end', async () => {
    const { output, stdout, stderr } = fakeStage();
    const build = new FakeBuild({ lasts: true });
    expect(await stopBuild(build, { wait: true, reason: 'not tonight' }, output)).toBe(0);
    expect(build.stops).toEqual(['not tonight']);
    expect(stdout.text).toMatch(/image:0f3a STOPPED in 1m 5s: STOPPED in BUILD\n$/);
    expect(stderr.text).toBe('stopping image:0f3a\n');
  });

  it('--no-wait returns at once', async () => {
    const { output, stdout } = fakeStage();
    const build = new FakeBuild({ lasts: true });
    build.result = () => new Promise(() => undefined);
    expect(await stopBuild(build, { wait: false, json: true }, output)).toBe(0);
    expect(JSON.parse(stdout.text)).toMatchObject({ buildId: 'image:0f3a', done: 'stopping' });
  });

  it('of a build that has ended says so, and stops nothing', async () => {
    const { output, stderr, stdout } = fakeStage();
    const build = new FakeBuild();
    expect(await stopBuild(build, { wait: true, json: true }, output)).toBe(0);
    expect(build.stops).toEqual([]);
    expect(stderr.text).toContain('has ended already: SUCCEEDED');
    expect(JSON.parse(stdout.text)).toEqual(resultOf('SUCCEEDED'));
  });
});

describe('build status', () => {
  it('shows the phases as a table that fits 80 columns, save for links', async () => {
    const snapshot = await new FakeBuild({ result: resultOf('FAILED', 3) }).status();
    const options = { columns: 80, colours: pc.createColors(false), now: start };
    const text = renderStatus({ ...snapshot, phases: phasesOf(3) }, options);
    for (const line of text.split('\n'))
      if (!line.includes('://')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain(
      [
        'PHASE      STATUS     TOOK',
        'SUBMITTED  SUCCEEDED  0ms',
        'QUEUED     SUCCEEDED  1s',
        'BUILD      FAILED     1m 3s',
        '  COMMAND_EXECUTION_ERROR: Error while executing command: make test. Reason:',
        '  exit status 3',
      ].join('\n'),
    );
    expect(text).toContain('status    FAILED in 1m 5s\n');
    expect(text).toContain('started   2026-03-14 23:00:00 UTC\n');
  });

  it('shows a phase that goes on as such', async () => {
    const snapshot = await new FakeBuild({ lasts: true }).status();
    const phases = [{ type: 'QUEUED', startedAt: new Date(start).toISOString() }];
    const options = { columns: 80, colours: pc.createColors(false), now: start + 5_000 };
    const text = renderStatus({ ...snapshot, phases }, options);
    expect(text).toContain('status    IN_PROGRESS for 5s\n');
    expect(text).toMatch(/QUEUED {2}IN_PROGRESS$/);
  });

  it('--json prints the snapshot', async () => {
    const { output, stdout } = fakeStage();
    const build = new FakeBuild();
    expect(await showStatus(build, { json: true }, output)).toBe(0);
    expect(JSON.parse(stdout.text)).toEqual(await build.status());
  });
});

describe('build list', () => {
  it('shows at most so many', async () => {
    const { output, stdout } = fakeStage();
    expect(await listBuilds(clientOf(new FakeBuild()), { limit: 2 }, output)).toBe(0);
    expect(stdout.text).toBe(
      'WORKFLOW       STATE    STARTED (UTC)        TOOK\n' +
        'build-image-w  running  2026-03-14 23:00:00  1m 5s\n'.repeat(2),
    );
  });
});
