import type { RunHandle } from '../../client/index.js';
import type { Output } from '../output.js';
import { lineView } from '../views/line-view.js';
import { liveView } from '../views/live-view.js';

export interface FollowOptions {
  output: Output;
  /** The worker is in this process: detaching stops it, too. */
  local: boolean;
  json: boolean;
}

/** How long after a Ctrl-C a second one cancels. */
const secondThoughts = 3_000;

/**
 * Shows a run until it ends. A Ctrl-C leaves it going on, a second one cancels it: then it is watched
 * to its end, which comes when AWS is through with what it was told.
 */
export async function follow(
  run: RunHandle,
  options: FollowOptions,
): Promise<'ended' | 'detached'> {
  const { output } = options;
  const interrupts = new Interrupts();
  const stop = new AbortController();
  const view =
    process.stderr.isTTY && !options.json
      ? liveView(process.stderr)
      : lineView(output, options.json);
  const detach = interrupts.next().then(async () => {
    view.close();
    output.say(
      `\ndetaching; ${run.workflowId} goes on. ${comeBack(run, options.local)}\nCtrl-C again to cancel the run`,
    );
    if (await interrupts.within(secondThoughts)) {
      output.say('cancelling: nothing more is begun, and what AWS deletes by now is waited for');
      await run.cancel({ reason: 'cancelled at the terminal' });
      return;
    }
    stop.abort();
  });
  try {
    for await (const state of run.watch({ every: view.every, signal: stop.signal }))
      view.show(state);
    if (stop.signal.aborted) {
      await detach;
      return 'detached';
    }
    return 'ended';
  } finally {
    view.close();
    interrupts.close();
  }
}

function comeBack(run: RunHandle, local: boolean): string {
  return local
    ? 'Its worker ends with this command: give the same command to go on.'
    : `Come back with: nightshift cleanup watch ${run.workflowId}`;
}

/** Ctrl-C, as something to wait for. */
class Interrupts {
  private heard: (() => void) | undefined;
  private count = 0;
  private readonly listener = () => {
    this.count += 1;
    this.heard?.();
    // Whoever presses it a third time means it.
    if (this.count > 2) process.exit(130);
  };

  constructor() {
    process.on('SIGINT', this.listener);
  }

  next(): Promise<void> {
    return new Promise((resolve) => (this.heard = resolve));
  }

  async within(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>(
      (resolve) => (timer = setTimeout(() => resolve(false), milliseconds)),
    );
    const again = this.next().then(() => true);
    return await Promise.race([again, late]).finally(() => clearTimeout(timer));
  }

  close(): void {
    process.off('SIGINT', this.listener);
  }
}
