import { setTimeout as delay } from 'node:timers/promises';
import type { CheckResult, CheckStarted, LineStatus } from '../../client/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { cellName } from '../../report/images/matrix.js';
import { printBuildJson } from '../build/json.js';
import { exitCodes } from '../exit.js';
import {
  type Outcome,
  outcomeLines,
  outcomesOf,
  resultLines,
  settledBetween,
} from '../views/image-outcome.js';
import { type ImageProgress, imageProgress } from '../views/image-progress.js';
import type { AtWork } from './line-command.js';

/** Milliseconds between two looks of somebody who watches. */
const every = 2_000;

/** Waits for all that is set to be built, and prints what has become of it. 1 when something was given up. */
export async function settle(
  at: AtWork,
  { check }: CheckStarted,
  { json = false }: { json?: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { line, output } = at;
  const ended = new AbortController();
  const told = new Set<string>();
  const tell = (outcome: Outcome) => {
    if (json || told.has(cellName(outcome.cell))) return;
    told.add(cellName(outcome.cell));
    for (const text of outcomeLines(outcome, rendering(at))) output.print(text);
  };
  const watching = watch(at, tell, AbortSignal.any([signal, ended.signal]));
  // It is waited for below; until then its failure has nobody to catch it.
  watching.catch(() => undefined);
  let result: CheckResult;
  try {
    result = await line.settled(check, signal);
  } finally {
    ended.abort();
    await watching;
  }
  for (const outcome of outcomesOf(result)) tell(outcome);
  if (json) printBuildJson(output, result);
  else for (const text of resultLines(result)) output.print(text);
  return result.failed.length === 0 ? exitCodes.done : exitCodes.failed;
}

function rendering({ output }: AtWork) {
  return { columns: output.columns, colours: output.paint };
}

/** Shows how the line stands to somebody at a terminal, and tells of each image as it comes to its end. */
async function watch(
  at: AtWork,
  tell: (outcome: Outcome) => void,
  signal: AbortSignal,
): Promise<void> {
  if (!process.stderr.isTTY) return;
  const view = imageProgress(process.stderr, at.output.tint);
  try {
    for (let last: LineStatus | undefined; !signal.aborted;) {
      last = await look(at, view, tell, last, signal);
      await delay(every, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    view.close();
  }
}

async function look(
  { line }: AtWork,
  view: ImageProgress,
  tell: (outcome: Outcome) => void,
  last: LineStatus | undefined,
  signal: AbortSignal,
): Promise<LineStatus | undefined> {
  try {
    const status = await line.status(signal);
    const news = last ? settledBetween(last, status) : [];
    if (news.length > 0) view.above(() => news.forEach(tell));
    view.show(status);
    return status;
  } catch (error) {
    // The wait is over, or no worker answers just now: what is waited for says so when it ends.
    if (signal.aborted || error instanceof NightshiftError) return last;
    throw error;
  }
}
