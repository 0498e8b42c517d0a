import type { RunView } from '../../client/index.js';
import type { TargetProgress } from '../../domain/cleanup/progress.js';
import { targetName } from '../../domain/target.js';
import type { Output } from '../output.js';
import type { View } from './view.js';

/** Plain lines, for logs and pipes: what was settled since the last look, and how the run stands. */
export function lineView(output: Output, json: boolean): View {
  const line = json ? (text: string) => output.say(text) : (text: string) => output.print(text);
  const seen = new Map<string, Set<string>>();
  let phase = '';
  return {
    every: 1_000,
    show: ({ run, targets, stale }: RunView) => {
      if (stale) line('no worker answers; the run waits for one');
      if (run.phase !== phase) line(`${stamp()} run ${run.workflowId}: ${run.phase}`);
      phase = run.phase;
      for (const [key, target] of targets) {
        const known = seen.get(key) ?? new Set();
        seen.set(key, known);
        for (const text of news(target, known)) line(`${stamp()} ${text}`);
      }
    },
    close: () => undefined,
  };
}

function news(target: TargetProgress, known: Set<string>): string[] {
  const lines: string[] = [];
  for (const { name, phase, at, reason } of [...target.recent].reverse()) {
    const key = `${name} ${phase} ${at}`;
    if (known.has(key)) continue;
    known.add(key);
    lines.push(
      `${targetName(target.target)} ${phase} ${name}${reason === undefined ? '' : `: ${reason}`}`,
    );
  }
  return lines;
}

function stamp(): string {
  return new Date().toISOString().slice(11, 19);
}
