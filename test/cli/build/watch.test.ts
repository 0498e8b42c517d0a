import { describe, expect, it } from 'vitest';
import type { Ask, Wish } from '../../../src/cli/build/signals.js';
import { watchToResult } from '../../../src/cli/build/watch.js';
import { until } from '../../support/temporal/until.js';
import { FakeBuild, resultOf } from './fake-build.js';
import { own } from './log-text.js';
import { type FakeStage, Kept, fakeStage } from './stage.js';

function watch(
  build: FakeBuild,
  stage: FakeStage,
  flags: { json?: boolean; local?: boolean } = {},
) {
  const { json = false, local = false } = flags;
  return watchToResult(build, { stage, json, local, groups: 'auto', timestamps: false });
}

/** Answers what it is asked, in this order. */
function answering(...answers: Wish[]): Ask {
  return () => Promise.resolve(answers.shift() ?? 'watch');
}

const log = ['one\n', own('Entering phase BUILD'), 'two'];

describe('a build that is watched', () => {
  it('is named with its link before its log; the log is alone on stdout', async () => {
    const stage = fakeStage();
    expect(await watch(new FakeBuild({ log }), stage)).toBe(0);
    expect(stage.stdout.text).toBe(log.join(''));
    const said = stage.stderr.text.split('\n');
    expect(said[0]).toBe('build   image:0f3a in dev-1/us-east-1');
    expect(said[1]).toBe('console https://console.aws.example/image%3A0f3a');
    expect(said[2]).toBe('follow  nightshift build follow build-image-w');
    expect(stage.told.isClosed).toBe(true);
  });

  it('ends with a line for each phase, its duration, and the reason', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ log, result: resultOf('FAILED', 3) });
    expect(await watch(build, stage)).toBe(3);
    const end = stage.stderr.text.slice(stage.stderr.text.indexOf('PHASE'));
    expect(end).toBe(
      'PHASE      STATUS     TOOK\n' +
        'SUBMITTED  SUCCEEDED  0ms\n' +
        'QUEUED     SUCCEEDED  1s\n' +
        'BUILD      FAILED     1m 3s\n' +
        '  COMMAND_EXECUTION_ERROR: Error while executing command: make test. Reason: exit status 3\n' +
        'image:0f3a FAILED in 1m 5s: FAILED in BUILD\n',
    );
  });

  it.each([
    [resultOf('SUCCEEDED'), 0],
    [resultOf('FAILED', 1), 1],
    [resultOf('FAILED', 2), 2],
    [resultOf('FAILED', 130), 130],
    [resultOf('FAILED', 255), 255],
    [resultOf('FAILED', 256), 1],
    [resultOf('FAILED'), 1],
    [resultOf('FAULT'), 1],
    [resultOf('TIMED_OUT'), 1],
    [resultOf('STOPPED'), 1],
  ])('gives the exit code, case %#', async (result, code) => {
    expect(await watch(new FakeBuild({ result }), fakeStage())).toBe(code);
  });

  it('with --json has its result alone on stdout, and its log on stderr', async () => {
    const stage = fakeStage();
    expect(await watch(new FakeBuild({ log }), stage, { json: true })).toBe(0);
    expect(JSON.parse(stage.stdout.text)).toEqual(resultOf('SUCCEEDED'));
    expect(stage.stderr.text).toContain('one\n');
  });

  it('with --json hides from GitHub what it would take for a command', async () => {
    const stage = fakeStage();
    const result = { ...resultOf('FAILED', 3), reason: 'command ##[add-mask]x' };
    await watch(new FakeBuild({ result }), stage, { json: true });
    expect(stage.stdout.text).not.toContain('##[');
    expect(JSON.parse(stage.stdout.text)).toEqual(result);
  });

  it('has its groups and its end in the log on GitHub, whose commands it cannot run', async () => {
    const stage = fakeStage({ env: { GITHUB_ACTIONS: 'true' } });
    const build = new FakeBuild({
      log: ['::set-output name=a::b\n', 'half'],
      result: resultOf('FAILED', 3),
    });
    await watch(build, stage);
    const [, token = ''] = /^::stop-commands::([\da-f]{32})\n/.exec(stage.stdout.text) ?? [];
    expect(token).not.toBe('');
    const free = stage.stdout.text
      .replaceAll(new RegExp(`::stop-commands::${token}\n[^]*?::${token}::\n`, 'g'), '')
      .split('\n');
    expect(free).toEqual([
      '::group::DOWNLOAD_SOURCE',
      '::endgroup::',
      '::error title=Build failed::FAILED in BUILD',
      '',
    ]);
    expect(stage.stdout.text).toContain('BUILD      FAILED     1m 3s\n');
  });

  it('that writes no CloudWatch log is said to', async () => {
    const stage = fakeStage();
    await watch(new FakeBuild({ logDisabled: true }), stage);
    expect(stage.stderr.text).toContain('writes no CloudWatch log');
  });
});

describe('Ctrl-C', () => {
  it('stops the build where nobody can be asked; it is watched to its end, exit 1', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ log, lasts: true });
    const watched = watch(build, stage);
    await until('the log is shown', () => stage.stdout.text === log.join(''));
    stage.told.send('interrupt');
    expect(await watched).toBe(1);
    expect(build.stops).toEqual(['stopped at the terminal']);
    expect(stage.stderr.text).toContain('image:0f3a STOPPED');
  });

  it('asks, and detaches, exit 130: the build goes on', async () => {
    const stage = fakeStage({ ask: answering('watch', 'detach') });
    const build = new FakeBuild({ log, lasts: true });
    const watched = watch(build, stage);
    await until('the log is shown', () => stage.stdout.text === log.join(''));
    stage.told.send('interrupt');
    await until('it asks again', () => {
      stage.told.send('interrupt');
      return stage.stderr.text.includes('detached');
    });
    expect(await watched).toBe(130);
    expect(build.stops).toEqual([]);
    expect(stage.stderr.text).toContain('nightshift build follow build-image-w');
  });

  it('asks, and a second one stops the build', async () => {
    const asked = new AbortController();
    const ask: Ask = (signal) =>
      new Promise((resolve) => {
        asked.abort();
        signal.addEventListener('abort', () => resolve('watch'));
      });
    const stage = fakeStage({ ask });
    const build = new FakeBuild({ lasts: true });
    const watched = watch(build, stage);
    await until('it asks', () => {
      if (!asked.signal.aborted) stage.told.send('interrupt');
      return asked.signal.aborted;
    });
    stage.told.send('interrupt');
    expect(await watched).toBe(1);
    expect(build.stops).toHaveLength(1);
  });

  it('holds the log while it asks, and shows all of it afterwards', async () => {
    let answer: (wish: Wish) => void = () => undefined;
    const stage = fakeStage({ ask: () => new Promise((resolve) => (answer = resolve)) });
    const build = new FakeBuild({ log: ['one\n', 'two\n'] });
    const watched = watch(build, stage);
    stage.told.send('interrupt');
    await until('the log is held', () => build.pages > 0);
    expect(stage.stdout.text).toBe('');
    answer('watch');
    expect(await watched).toBe(0);
    expect(stage.stdout.text).toBe('one\ntwo\n');
  });

  it('leaves a build that is being stopped to that', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ lasts: true });
    build.stop = () => Promise.resolve();
    const watched = watch(build, stage);
    stage.told.send('interrupt');
    await until('it stops', () => stage.stderr.text.includes('stopping the build'));
    stage.told.send('interrupt');
    expect(await watched).toBe(130);
  });

  it('says why a build can’t be stopped, and watches on', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ lasts: true });
    build.stop = () => Promise.reject(new Error('the run has ended'));
    const watched = watch(build, stage);
    stage.told.send('interrupt');
    await until('it is said', () =>
      stage.stderr.text.includes('can’t be stopped: the run has ended'),
    );
    await FakeBuild.prototype.stop.call(build);
    expect(await watched).toBe(1);
  });
});

describe('SIGTERM', () => {
  it('stops the build without asking; it is watched to its end, exit 1', async () => {
    const stage = fakeStage({ ask: answering('detach') });
    const build = new FakeBuild({ lasts: true });
    const watched = watch(build, stage);
    stage.told.send('terminate');
    expect(await watched).toBe(1);
    expect(build.stops).toEqual(['stopped by SIGTERM']);
  });

  it('that comes when the build has succeeded changes nothing', async () => {
    const stage = fakeStage();
    const build = new FakeBuild({ lasts: true, result: resultOf('SUCCEEDED') });
    build.stop = () => Promise.reject(new Error('ended'));
    const watched = watch(build, stage);
    stage.told.send('terminate');
    await until('it is said', () => stage.stderr.text.includes('can’t be stopped'));
    await FakeBuild.prototype.stop.call(build).then(() => (build.stops.length = 0));
    expect(await watched).toBe(0);
  });
});

describe('a reader that has gone', () => {
  it('ends the command quietly, exit 141, and not the build', async () => {
    const stage = fakeStage({ stdout: new Kept({ breaksAfter: 10 }) });
    const build = new FakeBuild({ log: ['12345678\n', 'more\n', 'still more\n'], lasts: true });
    const said = () => stage.stderr.text.split('\n').length;
    expect(await watch(build, stage)).toBe(141);
    expect(build.stops).toEqual([]);
    expect(stage.stdout.text).toBe('12345678\n');
    expect(stage.stderr.text).not.toMatch(/EPIPE|error|PHASE/);
    expect(said()).toBeLessThan(8);
  });
});

describe('a terminal', () => {
  it('has what is said on lines of its own, whatever the log ended with', async () => {
    const stage = fakeStage({ stdout: new Kept({ isTTY: true }) });
    await watch(new FakeBuild({ log: ['no line break'] }), stage);
    expect(stage.stdout.text).toBe('no line break\n');
  });
});
