import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { RunView } from '../../client/index.js';
import type { TargetProgress } from '../../domain/cleanup/progress.js';
import { targetKey, targetName } from '../../domain/target.js';
import type { View } from './view.js';

/** A view that is drawn over and over on a terminal. */
export function liveView(stream: NodeJS.WriteStream): View {
  const update = createLogUpdate(stream);
  return {
    every: 500,
    show: (state) => update(renderView(state, stream.columns, stream.rows)),
    close: () => update.done(),
  };
}

export function renderView({ run, targets, stale }: RunView, columns = 80, rows = 24): string {
  const all = [...targets.values()];
  const sum = (phase: keyof TargetProgress['counts']) =>
    all.reduce((total, { counts }) => total + counts[phase], 0);
  const done = sum('deleted') + sum('failed') + sum('blocked') + sum('skipped');
  const total = done + sum('waiting') + sum('deleting') + sum('mending') + sum('deferred');
  const head = [
    `${pc.bold(run.workflowId)}  ${run.phase}${stale ? pc.yellow('  no worker answers') : ''}`,
    `${bar(done, total, 30)} ${done}/${total}  ${pc.green(`${sum('deleted')} deleted`)}  ${sum('deleting')} deleting  ${pc.red(`${sum('failed')} failed`)}  ${sum('blocked')} blocked`,
    '',
  ];
  const shown = run.targets.slice(0, Math.max(1, rows - head.length - 2));
  const lines = shown.map(({ target, phase, error }) => {
    const progress = targets.get(targetKey(target));
    const name = targetName(target).padEnd(28).slice(0, 28);
    if (error) return `${name} ${pc.red(error.message)}`;
    return progress ? `${name} ${targetLine(progress)}` : `${name} ${pc.dim(phase)}`;
  });
  return [...head, ...lines].map((line) => cut(line, columns)).join('\n');
}

function targetLine({ counts, phase, waves, deleting }: TargetProgress): string {
  const done = counts.deleted + counts.failed + counts.blocked + counts.skipped;
  const total = done + counts.waiting + counts.deleting + counts.mending + counts.deferred;
  const names = deleting.map(({ name }) => name).join(' ');
  return `${bar(done, total, 10)} ${String(done).padStart(3)}/${String(total).padEnd(3)} wave ${waves.current}/${waves.total} ${pc.dim(phase)} ${pc.cyan(names)}`;
}

function bar(done: number, total: number, width: number): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * width);
  return pc.green('█'.repeat(filled)) + pc.dim('░'.repeat(width - filled));
}

// Colours take no room on the screen.
function cut(line: string, columns: number): string {
  // eslint-disable-next-line no-control-regex -- the escape sequences of colours begin with a control character
  const parts = line.split(/(\u001b\[[\d;]*m)/);
  let room = columns - 1;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = part.slice(0, Math.max(0, room));
      room -= kept.length;
      return kept;
    })
    .join('');
}
