import { describe, expect, it } from 'vitest';
import { type GroupKind, groupsOf } from '../../../src/cli/build/groups.js';
import type { LogEvent } from '../../../src/cli/build/lines.js';
import {
  LogPrinter,
  type PrinterOptions,
  type Written,
} from '../../../src/cli/build/log-printer.js';
import { events, own, start } from './log-text.js';

const buildId = 'image:0f3a';

function printer(kind: GroupKind, options: Partial<PrinterOptions> = {}): LogPrinter {
  return new LogPrinter({
    groups: groupsOf(kind),
    tellPhases: kind === 'plain',
    timestamps: false,
    now: () => start,
    ...options,
  });
}

function page(events: LogEvent[], phase?: string) {
  return { buildId, events, status: 'IN_PROGRESS' as const, phase };
}

/** What stands in the log's stream. */
function logOf(written: readonly Written[]): string {
  return written.flatMap(({ to, text }) => (to === 'log' ? [text] : [])).join('');
}

const whole = [
  'Waiting for the container\n',
  own('Entering phase INSTALL'),
  '\u001b[32mgreen\u001b[0m\n',
  own('Phase complete: INSTALL State: SUCCEEDED'),
  own('Entering phase BUILD'),
  '10%\r',
  '100%\n',
  own('Phase complete: BUILD State: FAILED'),
  'Phase context status code: COMMAND_EXECUTION_ERROR\n',
];

describe('a log', () => {
  it('is byte for byte the build’s, colours and progress bars included, where no CI groups it', () => {
    for (const kind of ['plain', 'none'] as const) {
      const print = printer(kind);
      const written = [
        ...print.begin(),
        ...print.page(page([], 'QUEUED')),
        ...whole.flatMap((message) => print.page(page(events(message), 'BUILD'))),
        ...print.finish({ lines: ['it failed'], reason: 'no' }),
      ];
      expect(logOf(written)).toBe(whole.join(''));
    }
  });

  it('is told of phase by phase, apart from the log, in the order of both', () => {
    const print = printer('plain');
    const written = [
      ...print.page(page([], 'QUEUED')),
      ...print.page(page([], 'QUEUED')),
      ...print.page(page([], 'PROVISIONING')),
      ...print.page(page(events(...whole.slice(0, 3)))),
      ...print.finish({ lines: ['took 3 s'] }),
    ];
    expect(written).toEqual([
      { to: 'person', text: '── QUEUED' },
      { to: 'person', text: '── PROVISIONING' },
      { to: 'person', text: '── DOWNLOAD_SOURCE' },
      { to: 'log', text: whole[0] },
      { to: 'person', text: '── INSTALL' },
      { to: 'log', text: whole.slice(1, 3).join('') },
      { to: 'person', text: 'took 3 s' },
    ]);
  });

  it('has its phases as groups, those before the container from the build’s status', () => {
    const print = printer('github');
    const written = [
      ...print.page(page([], 'QUEUED')),
      ...print.page(page([], 'PROVISIONING')),
      // By now the status is ahead of the log.
      ...print.page(page(events(...whole), 'BUILD')),
      ...print.finish({ lines: ['BUILD  FAILED  3s'], reason: 'exit status 3' }),
    ];
    const group = (name: string, ...lines: string[]) => [
      `::group::${name}\n`,
      ...lines,
      '::endgroup::\n',
    ];
    expect(logOf(written)).toBe(
      [
        ...group('QUEUED'),
        ...group('PROVISIONING'),
        ...group('DOWNLOAD_SOURCE', ...whole.slice(0, 1)),
        ...group('INSTALL', ...whole.slice(1, 4)),
        ...group('BUILD', ...whole.slice(4)),
        'BUILD  FAILED  3s\n',
        '::error title=Build failed::exit status 3\n',
      ].join(''),
    );
  });

  it('has a mark at the beginning of a line only', () => {
    const print = printer('github');
    const written = [...print.page(page(events('half a line'))), ...print.finish({ lines: [] })];
    expect(logOf(written)).toBe('::group::DOWNLOAD_SOURCE\nhalf a line\n::endgroup::\n');
  });

  it('keeps the lines that CodeBuild writes after a phase in the phase, which is opened when it failed', () => {
    const print = printer('buildkite');
    const written = [
      ...print.page(page(events(...whole.slice(4)))),
      ...print.finish({ lines: ['x'] }),
    ];
    expect(logOf(written)).toBe(
      ['--- BUILD\n', ...whole.slice(4, 8), '^^^ +++\n', whole[8], '+++ Build\n', 'x\n'].join(''),
    );
  });

  it('has the time of its first event before each line, and nowhere else', () => {
    const print = printer('none', { timestamps: true });
    const written = [
      ...print.page(page(events('a', 'b\nc\n', '\n', '1%\r'))),
      ...print.finish({ lines: [] }),
    ];
    expect(logOf(written)).toBe(
      '2026-03-14T23:00:00.000Z ab\n' +
        '2026-03-14T23:00:01.000Z c\n' +
        '2026-03-14T23:00:02.000Z \n' +
        '2026-03-14T23:00:03.000Z 1%\r',
    );
  });

  it('shows what it has of a line at once, save one that may become CodeBuild’s own', () => {
    const print = printer('none');
    print.page(page(events('begun\n')));
    expect(logOf(print.page(page(events('..'))))).toBe('..');
    expect(logOf(print.page(page(events('\n[Contai'))))).toBe('\n');
    expect(logOf(print.page(page(events('whole line\n'))))).toBe('[Contaiwhole line\n');
    expect(logOf(print.page(page(events('[Container] cut'))))).toBe('');
    expect(logOf(print.finish({ lines: [] }))).toBe('[Container] cut');
  });

  it('goes on with that of the build that takes another’s place', () => {
    const print = printer('plain');
    const written = [
      ...print.page(page(events(own('Entering phase BUILD'), 'no line break'))),
      ...print.page({ ...page([], 'QUEUED'), buildId: 'image:1b2c' }),
      ...print.page({ ...page(events('again\n')), buildId: 'image:1b2c' }),
    ];
    expect(written.filter(({ to }) => to === 'person').map(({ text }) => text)).toEqual([
      '── BUILD',
      'another build takes its place: image:1b2c',
      '── QUEUED',
      '── DOWNLOAD_SOURCE',
    ]);
    expect(logOf(written)).toBe(`${own('Entering phase BUILD')}no line breakagain\n`);
  });

  it('that the project does not write leaves the phases of the status', () => {
    const print = printer('plain', { logDisabled: true });
    const phases = ['SUBMITTED', 'QUEUED', 'BUILD', 'FINALIZING', 'COMPLETED'];
    const written = phases.flatMap((phase) => print.page(page([], phase)));
    expect(written.map(({ text }) => text)).toEqual(['── QUEUED', '── BUILD', '── FINALIZING']);
  });
});
