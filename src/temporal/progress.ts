/** One step of getting a server to run: shown to a person while they wait. */
export interface ServerProgress {
  phase: 'waiting' | 'downloading' | 'modules' | 'compiling' | 'starting' | 'note';
  /** What happens, as a short sentence without a full stop. */
  message: string;
  /** Since the phase began, in milliseconds. */
  elapsedMs: number;
  /** Packages or modules that are done, where it can be told. */
  done?: number;
  total?: number;
}

export type OnProgress = (progress: ServerProgress) => void;

/** How often a stream that is not a terminal gets a line, in milliseconds. */
const lineEveryMs = 15_000;

/**
 * Shows progress on a stream: one line that is rewritten on a terminal; elsewhere (a CI log) a line for
 * each phase and every 15 s. Call `done` at the end to leave the terminal's line clean.
 */
export function progressOn(stream: NodeJS.WriteStream = process.stderr): {
  show: OnProgress;
  done: () => void;
} {
  let drawn = false;
  let phase: string | undefined;
  let lastMs = 0;
  const clear = (): void => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  const show: OnProgress = (progress) => {
    const text = describeProgress(progress);
    if (stream.isTTY && progress.phase !== 'note') {
      clear();
      stream.write(text.slice(0, Math.max(stream.columns - 1, 20)));
      drawn = true;
      return;
    }
    const due = progress.phase !== phase || progress.elapsedMs - lastMs >= lineEveryMs;
    if (!due && progress.phase !== 'note') return;
    if (progress.phase !== 'note') [phase, lastMs] = [progress.phase, progress.elapsedMs];
    clear();
    stream.write(`${text}\n`);
  };
  return { show, done: clear };
}

export function describeProgress(progress: ServerProgress): string {
  if (progress.phase === 'note') return progress.message;
  const { done, total } = progress;
  const counted = done === undefined ? '' : ` ${done}${total === undefined ? '' : ` of ${total}`}`;
  const elapsed = progress.elapsedMs < 1000 ? '' : `, ${Math.round(progress.elapsedMs / 1000)} s`;
  return `${progress.message}${counted}${elapsed}`;
}

/** Reports a phase again and again while `work` goes on, so that the seconds are seen to pass. */
export async function reporting<T>(
  onProgress: OnProgress | undefined,
  current: () => Omit<ServerProgress, 'elapsedMs'>,
  work: () => Promise<T>,
): Promise<T> {
  let phase: string | undefined;
  let since = Date.now();
  const report = (): void => {
    const progress = current();
    if (progress.phase !== phase) [phase, since] = [progress.phase, Date.now()];
    onProgress?.({ ...progress, elapsedMs: Date.now() - since });
  };
  report();
  const timer = setInterval(report, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
