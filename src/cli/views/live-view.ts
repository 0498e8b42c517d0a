import { createLogUpdate } from 'log-update';
import type { RunView } from '../../client/index.js';
import type { RunTarget, TargetProgress } from '../../domain/cleanup/progress.js';
import { targetKey, targetName } from '../../domain/target.js';
import { formatDuration, shorten } from '../../report/format.js';
import { plainText } from '../../report/wrap-text.js';
import type { Colours } from '../output.js';
import { addCounts, openOf, settledOf } from './counts.js';
import { Speed } from './speed.js';
import { bar, cut, padded } from './text.js';
import type { View } from './view.js';

/** A view that is drawn over and over on a terminal. */
export function liveView(stream: NodeJS.WriteStream, colours: Colours): View {
  const update = createLogUpdate(stream);
  const speed = new Speed();
  let last: RunView | undefined;
  let paused = false;
  const draw = () => {
    if (!last || paused) return;
    const { columns, rows } = stream;
    update(renderRun(last, { columns, rows, colours, speed, now: Date.now() }));
  };
  // Between two looks the clock goes on, and the window may change.
  const timer = setInterval(draw, 1_000);
  stream.on('resize', draw);
  return {
    every: 500,
    show: (state) => {
      last = state;
      const now = Date.now();
      for (const [key, { counts }] of state.targets) speed.note(key, settledOf(counts), now);
      speed.note(all, settledOf(addCounts(state.targets.values())), now);
      draw();
    },
    pause: () => {
      paused = true;
      update.done();
    },
    resume: () => {
      paused = false;
      draw();
    },
    close: () => {
      clearInterval(timer);
      stream.off('resize', draw);
      update.done();
    },
  };
}

/** Under this name the speed of the whole run is kept. */
const all = '';

export interface RunRendering {
  columns: number;
  /** Lines that there is room for. */
  rows: number;
  colours: Colours;
  speed: Speed;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A run as a screen: how it stands as a whole, then its targets, those at work first. */
export function renderRun(state: RunView, how: RunRendering): string {
  const { run, targets } = state;
  const head = [...headLines(state, how), ''];
  const nameWidth = Math.min(
    26,
    Math.max(6, ...run.targets.map(({ target }) => targetName(target).length)),
  );
  const title = `${padded('TARGET', nameWidth)}  ${'DONE'.padEnd(13)}  WAVE  BUSY  FAIL  /MIN    LEFT  DELETING`;
  const room = Math.max(1, how.rows - head.length - 3);
  const sorted = [...run.targets].sort((a, b) => rankOf(a) - rankOf(b));
  const shown = sorted.length <= room + 1 ? sorted : sorted.slice(0, room);
  const lines = shown.map((target) => {
    const name = padded(shorten(targetName(target.target), nameWidth), nameWidth);
    return `${name}  ${targetLine(target, targets.get(targetKey(target.target)), how)}`;
  });
  const rest = sorted.slice(shown.length);
  const more =
    rest.length === 0 ? [] : [how.colours.dim(`and ${rest.length} more: ${phasesOf(rest)}`)];
  const body = run.targets.length === 0 ? [] : [how.colours.dim(title), ...lines, ...more];
  return [...head, ...body].map((line) => cut(line, how.columns - 1)).join('\n');
}

function headLines({ run, targets, stale }: RunView, how: RunRendering): string[] {
  const { colours, columns, speed } = how;
  const counts = addCounts(targets.values());
  const settled = settledOf(counts);
  const total = Math.max(settled + openOf(counts), plannedOf(run.targets));
  const end = run.endedAt === undefined ? how.now : Date.parse(run.endedAt);
  const state = [
    run.status ?? run.phase,
    formatDuration(end - Date.parse(run.startedAt)),
    ...(run.phase === 'running' ? paceOf(speed, openOf(counts)) : []),
  ].join(' · ');
  return [
    `${colours.bold(run.workflowId)}  ${state}`,
    [
      `${bar(settled, total, Math.min(30, Math.floor(columns / 5)), colours)} ${settled}/${total}`,
      colours.green(`${counts.deleted} deleted`),
      `${counts.deleting + counts.mending} busy`,
      (counts.failed > 0 ? colours.red : String)(`${counts.failed} failed`),
      ...(counts.blocked > 0 ? [`${counts.blocked} blocked`] : []),
      ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
    ].join('  '),
    ...(stale ? [colours.yellow('no worker answers; this is what was known before')] : []),
    ...(run.phase === 'awaiting-approval'
      ? [colours.yellow(`waits for: nightshift cleanup approve ${run.workflowId}`)]
      : []),
    ...run.refusals.map((refusal) => colours.red(plainText(`refused: ${refusal}`))),
  ];
}

function paceOf(speed: Speed, open: number): string[] {
  const rate = speed.perMinute(all);
  if (rate === undefined) return [];
  const left = speed.timeFor(all, open);
  const perMinute = `${Math.round(rate)} a minute`;
  return left === undefined
    ? [perMinute]
    : [perMinute, `about ${formatDuration(roughly(left))} left`];
}

function targetLine(
  target: RunTarget,
  progress: TargetProgress | undefined,
  how: RunRendering,
): string {
  const { colours, speed } = how;
  if (target.error) return colours.red(plainText(target.error.message));
  if (!progress) return colours.dim(wordsFor[target.phase]);
  const { counts, phase, waves, deleting } = progress;
  const settled = settledOf(counts);
  const total = settled + openOf(counts);
  const amount = `${settled}/${total}`;
  const key = targetKey(target.target);
  const rate = phase === 'running' ? speed.perMinute(key) : undefined;
  const left = phase === 'running' ? speed.timeFor(key, openOf(counts)) : undefined;
  const wave = waves.total === 0 ? '-' : `${waves.current}/${waves.total}`;
  const names = deleting.map(({ name }) => name).join(' ');
  return [
    `${bar(settled, total, 12 - Math.max(7, amount.length), colours)} ${amount.padEnd(7)}`,
    wave.padStart(4),
    String(counts.deleting + counts.mending).padStart(4),
    counts.failed > 0 ? colours.red(String(counts.failed).padStart(4)) : '0'.padStart(4),
    (rate === undefined ? '' : String(Math.round(rate))).padStart(4),
    (left === undefined ? '' : formatDuration(roughly(left))).padStart(6),
    phase === 'running' && names !== ''
      ? colours.cyan(names)
      : colours.dim(target.phase === 'done' ? 'done' : phase),
  ].join('  ');
}

/** A guess to the second would promise too much. */
function roughly(ms: number): number {
  const step = ms > 600_000 ? 60_000 : 5_000;
  return Math.max(step, Math.round(ms / step) * step);
}

const wordsFor: Record<RunTarget['phase'], string> = {
  queued: 'queued',
  'waiting-for-target': 'waits: another run is at work there',
  planning: 'planning',
  planned: 'planned',
  running: 'running',
  done: 'done',
};

/** Those at work first, then what went wrong, what waits, and what is done. */
function rankOf({ phase, error }: RunTarget): number {
  if (error) return 2;
  return { running: 0, planning: 1, 'waiting-for-target': 1, planned: 3, queued: 4, done: 5 }[
    phase
  ];
}

function phasesOf(targets: readonly RunTarget[]): string {
  const counts = new Map<string, number>();
  for (const { phase, error } of targets) {
    const word = error ? 'failed' : phase;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

function plannedOf(targets: readonly RunTarget[]): number {
  return targets.reduce(
    (sum, { plan }) => sum + (plan ? plan.delete + plan.skip + plan.blocked : 0),
    0,
  );
}
