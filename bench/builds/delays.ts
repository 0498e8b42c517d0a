import type { GrowthStep } from './growth.js';

/** One line of a log, as whoever wrote it knows it. */
export interface WrittenLine {
  /** Bytes of the log up to its end. */
  end: number;
  /** Since when it could be read, milliseconds. */
  availableAt: number;
}

/**
 * The lines of a made-up log, whose number they begin with; those of CodeBuild's own agent are left out.
 *
 * @param availableAt of the line of a number
 */
export function writtenLines(text: string, availableAt: (line: number) => number): WrittenLine[] {
  const lines: WrittenLine[] = [];
  let end = 0;
  for (const line of text.split(/(?<=\n)/)) {
    end += Buffer.byteLength(line);
    const number = /^\d+(?= )/.exec(line)?.[0];
    if (number !== undefined) lines.push({ end, availableAt: availableAt(Number(number)) });
  }
  return lines;
}

/** How long each line took from there to its sink, in milliseconds; both are in order. */
export function delaysOf(lines: readonly WrittenLine[], steps: readonly GrowthStep[]): number[] {
  const delays: number[] = [];
  let index = 0;
  for (const { end, availableAt } of lines) {
    while (index < steps.length && (steps[index]?.bytes ?? 0) < end) index += 1;
    const step = steps[index];
    if (step) delays.push(step.at - availableAt);
  }
  return delays;
}

/** The value that so large a share of them does not exceed; NaN where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
