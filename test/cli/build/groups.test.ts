import { describe, expect, it } from 'vitest';
import { detectGroups, groupsOf } from '../../../src/cli/build/groups.js';
import { phaseLine } from '../../../src/cli/build/phase-lines.js';
import { own } from './log-text.js';

describe('phases as groups', () => {
  it.each([
    [{ GITHUB_ACTIONS: 'true' }, 'github'],
    [{ GITLAB_CI: 'true' }, 'gitlab'],
    [{ BUILDKITE: 'true' }, 'buildkite'],
    [{ CI: 'true', GITHUB_ACTIONS: 'false' }, 'plain'],
  ] as const)('are those of the CI that %o tells of', (env, kind) => {
    expect(detectGroups({ env, toFile: false, elsewhere: 'plain' })).toBe(kind);
  });

  it('are left out of a file, on any CI', () => {
    const env = { GITHUB_ACTIONS: 'true' };
    expect(detectGroups({ env, toFile: true, elsewhere: 'plain' })).toBe('none');
  });

  it('are GitHub’s', () => {
    const groups = groupsOf('github');
    expect(groups.move(undefined, 'BUILD', 0)).toBe('::group::BUILD\n');
    expect(groups.move('BUILD', 'POST_BUILD', 0)).toBe('::endgroup::\n::group::POST_BUILD\n');
    expect(groups.move('BUILD', undefined, 0)).toBe('::endgroup::\n');
  });

  it('are GitLab’s, with the seconds of the phase and a name used once', () => {
    const groups = groupsOf('gitlab');
    const text =
      groups.move(undefined, 'BUILD', 1_000) +
      groups.move('BUILD', 'BUILD', 2_999) +
      groups.move('BUILD', undefined, 4_000);
    const esc = '\u001b';
    expect(text.replaceAll(`${esc}[0K`, '~')).toBe(
      '~section_start:1:nightshift_1_build\r~BUILD\n' +
        '~section_end:2:nightshift_1_build\r~\n~section_start:2:nightshift_2_build\r~BUILD\n' +
        '~section_end:4:nightshift_2_build\r~\n',
    );
  });

  it('are Buildkite’s, and the one that holds a failure is opened', () => {
    const groups = groupsOf('buildkite');
    expect(groups.move('INSTALL', 'BUILD', 0)).toBe('--- BUILD\n');
    expect(groups.move('BUILD', undefined, 0)).toBe('');
    expect(groups.failed).toBe('^^^ +++\n');
  });

  it('escape what an annotation on GitHub says', () => {
    expect(groupsOf('github').reason('50 % of\r\n::set-output name=a::b')).toBe(
      '::error title=Build failed::50 %25 of%0D%0A::set-output name=a::b\n',
    );
  });
});

/** As GitHub's runner does it: which of the lines it would obey. */
function obeyed(text: string): string[] {
  let stopped: string | undefined;
  const commands: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const command =
      /^\s*::([^ :]+)[^:]*::(.*)$/.exec(line) ?? /##\[([^\] ]+)[^\]]*\](.*)$/.exec(line);
    if (!command) continue;
    const [, name = '', data = ''] = command;
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
    } else if (name === 'stop-commands') stopped = data;
    else commands.push(name);
  }
  expect(stopped).toBeUndefined();
  return commands;
}

describe('a log on GitHub', () => {
  const hostile =
    '::add-mask::a\n  ::set-output name=x::y\nfoo ##[set-env name=x]y\n1%\r::error::no\n::resume::\n';

  it.each(['github', 'plain'] as const)(
    'can run no command of its own, the groups’ own run (%s)',
    (kind) => {
      const groups = groupsOf(kind, { guard: 'f00d' });
      const text =
        groups.begin +
        groups.move(undefined, 'BUILD', 0) +
        hostile +
        groups.move('BUILD', undefined, 0) +
        groups.reason('no') +
        groups.end;
      expect(text).toContain(hostile);
      expect(obeyed(text)).toEqual(kind === 'github' ? ['group', 'endgroup', 'error'] : []);
    },
  );

  it('would run them without the guard', () => {
    expect(obeyed(hostile)).toEqual(['add-mask', 'set-output', 'set-env', 'error', 'resume']);
  });

  it('is left alone where that was asked for', () => {
    const groups = groupsOf('none', { guard: 'f00d' });
    expect(groups.begin + groups.end).toBe('');
  });
});

describe('CodeBuild’s own lines', () => {
  it('tell of phases', () => {
    expect(phaseLine(own('Entering phase PRE_BUILD'))).toEqual({
      kind: 'entered',
      phase: 'PRE_BUILD',
    });
    expect(phaseLine('[Container] 2019/01/02 03:04:05 Entering phase BUILD\r\n')).toEqual({
      kind: 'entered',
      phase: 'BUILD',
    });
    expect(phaseLine(own('Phase complete: BUILD State: FAILED'))).toEqual({
      kind: 'complete',
      phase: 'BUILD',
      state: 'FAILED',
    });
  });

  it('are not lines that only look like them', () => {
    for (const line of [
      'Entering phase BUILD\n',
      own('Running command echo Entering phase BUILD'),
      own('Entering phase BUILD now'),
      own('Entering phase ::group::'),
    ])
      expect(phaseLine(line)).toBeUndefined();
  });
});
