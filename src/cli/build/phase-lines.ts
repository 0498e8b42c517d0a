import { containerMark } from './lines.js';

/** What CodeBuild says of a phase in the log itself. */
export type PhaseLine =
  { kind: 'entered'; phase: string } | { kind: 'complete'; phase: string; state: string };

// "[Container] 2026/03/14 23:00:04.123456 Entering phase BUILD": older images write no fraction.
const entering = /^\S+ \S+ Entering phase ([A-Z_]{3,40})\s*$/;
const complete = /^\S+ \S+ Phase complete: ([A-Z_]{3,40}) State: ([A-Z_]{3,40})\s*$/;

/** A command may print such a line, too; no more hangs on it than how the log is shown. */
export function phaseLine(line: string): PhaseLine | undefined {
  if (!line.startsWith(containerMark)) return undefined;
  const rest = line.slice(containerMark.length);
  const entered = entering.exec(rest)?.[1];
  if (entered !== undefined) return { kind: 'entered', phase: entered };
  const [, phase, state] = complete.exec(rest) ?? [];
  return phase === undefined || state === undefined
    ? undefined
    : { kind: 'complete', phase, state };
}
