/** How the phases of a build are shown in its log. */
export const groupKinds = ['github', 'gitlab', 'buildkite', 'plain', 'none'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** How a log is parted into groups. Every text is whole lines, or nothing. */
export interface Groups {
  /** Whether the CI shows groups: then what is said at the end stands in the log, too. */
  inLog: boolean;
  /** Before the first byte of the log. */
  begin: string;
  /** From one phase to the next; either is absent at an end of the log. `at` is in ms since the epoch. */
  move(from: string | undefined, to: string | undefined, at: number): string;
  /** Says that the group that is open holds what failed. */
  failed: string;
  /** Before what is said at the end. */
  summary: string;
  /** Says at the end why the build failed. */
  reason(text: string): string;
  /** After the last byte. */
  end: string;
}

interface GroupOptions {
  /** Where given, the log stands on GitHub: an unguessable word. */
  guard?: string | undefined;
}

/** The group syntax of a CI, with the log kept from being taken for commands. */
export function groupsOf(kind: GroupKind, { guard }: GroupOptions = {}): Groups {
  switch (kind) {
    case 'github':
      return guarded(guard, github);
    case 'gitlab':
      return guarded(guard, gitlab());
    case 'buildkite':
      return guarded(guard, buildkite);
    case 'plain':
      return guarded(guard, silent);
    case 'none':
      return silent;
  }
}

const silent: Groups = {
  inLog: false,
  begin: '',
  move: () => '',
  failed: '',
  summary: '',
  reason: () => '',
  end: '',
};

const github: Groups = {
  ...silent,
  inLog: true,
  move: (from, to) =>
    (from === undefined ? '' : '::endgroup::\n') + (to === undefined ? '' : `::group::${to}\n`),
  reason: (text) => `::error title=Build failed::${commandData(text)}\n`,
};

/** GitHub's escapes in the data of a command. */
function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

const buildkite: Groups = {
  ...silent,
  inLog: true,
  move: (_from, to) => (to === undefined ? '' : `--- ${to}\n`),
  failed: '^^^ +++\n',
  // Buildkite knows no end of a group, only the beginning of another.
  summary: '+++ Build\n',
};

/** GitLab knows a section by its name, which must be used once only: a phase comes again in a build's second attempt. */
function gitlab(): Groups {
  let sections = 0;
  const mark = (word: string, phase: string, at: number) =>
    `\u001b[0Ksection_${word}:${Math.floor(at / 1_000)}:nightshift_${sections}_${phase.toLowerCase()}\r\u001b[0K`;
  return {
    ...silent,
    inLog: true,
    move: (from, to, at) => {
      let text = from === undefined ? '' : `${mark('end', from, at)}\n`;
      sections += 1;
      if (to !== undefined) text += `${mark('start', to, at)}${to}\n`;
      return text;
    },
  };
}

/**
 * A build's log is data. GitHub's runner obeys any line of a step's output that reads `::command::` or has
 * `##[command]` in it, whoever wrote it: a pull request's tests could set outputs or mask a word in all that
 * follows. So that nothing but what Nightshift writes itself is obeyed, commands are stopped around all of the
 * log, by GitHub's own means: `::stop-commands::token`, until `::token::`. The token is made for this command
 * and never reaches the build. The log itself stays as it is, byte for byte; escaping would change it.
 */
function guarded(token: string | undefined, groups: Groups): Groups {
  if (token === undefined) return groups;
  const stop = `::stop-commands::${token}\n`;
  const resume = `::${token}::\n`;
  const command = (text: string) => (text === '' ? '' : resume + text + stop);
  return {
    ...groups,
    begin: stop,
    move: (...change) => command(groups.move(...change)),
    reason: (text) => command(groups.reason(text)),
    end: resume,
  };
}

interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Whether the log goes to a file, where it is to be the log and nothing else. */
  toFile: boolean;
  /** What there is where no CI shows the log. */
  elsewhere: 'plain' | 'none';
}

/** The kind of groups that `auto` stands for. */
export function detectGroups({ env, toFile, elsewhere }: Surroundings): GroupKind {
  if (toFile) return 'none';
  if (isGitHub(env)) return 'github';
  if (env['GITLAB_CI'] === 'true') return 'gitlab';
  if (env['BUILDKITE'] === 'true') return 'buildkite';
  return elsewhere;
}

export function isGitHub(env: NodeJS.ProcessEnv): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}
