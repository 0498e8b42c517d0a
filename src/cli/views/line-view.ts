import type { RunView } from '../../client/index.js';
import type { TargetProgress } from '../../domain/cleanup/progress.js';
import { targetKey, targetName } from '../../domain/target.js';
import { addCounts, openOf, settledOf } from './counts.js';
import { plainText } from '../../report/wrap-text.js';
import type { View } from './view.js';

/** A line on how the run stands comes this often, in milliseconds, when something has changed. */
const standEvery = 10_000;

/** Plain lines, for logs and pipes: what was settled since the last look, and how the run stands. */
export function lineView(
  line: (text: string) => void,
  workflowId: string,
  now: () => number = Date.now,
): View {
  const told = new Set<string>();
  let lastStand = { at: now(), text: '' };
  let wasStale = false;
  const once = (key: string, text: string) => {
    if (told.has(key)) return;
    told.add(key);
    line(`${stamp(now())} ${plainText(text)}`);
  };
  return {
    every: 1_000,
    show: ({ run, targets, stale }: RunView) => {
      if (stale && !wasStale) line(`${stamp(now())} no worker answers; the run waits for one`);
      wasStale = stale;
      if (stale) return;
      once(`run ${run.phase}`, `run ${workflowId}: ${run.phase}`);
      for (const refusal of run.refusals) once(refusal, `refused: ${refusal}`);
      if (run.phase === 'awaiting-approval')
        once('approval', `waits for: nightshift cleanup approve ${workflowId}`);
      for (const { target, error } of run.targets) {
        if (error)
          once(`error ${targetKey(target)}`, `${targetName(target)} failed: ${error.message}`);
      }
      for (const target of targets.values()) tellNews(target, once);
      const text = standOf(targets.values());
      if (now() - lastStand.at < standEvery || text === lastStand.text) return;
      lastStand = { at: now(), text };
      line(`${stamp(now())} ${text}`);
    },
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
  };
}

function tellNews(
  { target, recent }: TargetProgress,
  once: (key: string, text: string) => void,
): void {
  for (const { name, phase, at, reason } of [...recent].reverse()) {
    const why = reason === undefined ? '' : `: ${reason}`;
    once(
      `${targetKey(target)} ${name} ${phase} ${at}`,
      `${targetName(target)} ${phase} ${name}${why}`,
    );
  }
}

function standOf(targets: Iterable<TargetProgress>): string {
  const counts = addCounts(targets);
  const settled = settledOf(counts);
  return `${settled} of ${settled + openOf(counts)} done, ${counts.deleting + counts.mending} busy, ${counts.failed} failed`;
}

function stamp(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}
