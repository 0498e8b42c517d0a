import type { RunHandle } from '../../../client/index.js';
import type { Output } from '../../output.js';
import { lineView } from '../../views/line-view.js';
import { liveView } from '../../views/live-view.js';
import { Accident, type ReplaceWorker } from './accident.js';
import { unlessStopped } from '../stopping.js';

export interface WatchOptions {
  output: Output;
  signal: AbortSignal;
  replaceWorker: ReplaceWorker;
}

/** Milliseconds between two looks: a demo's run is a short one. */
const every = 400;

/** Shows the run to its end, and has the worker killed on the way. Returns whether that came about. */
export async function watchRun(
  run: RunHandle,
  { output, signal, replaceWorker }: WatchOptions,
): Promise<boolean> {
  const isScreen = process.stdout.isTTY && process.stderr.isTTY;
  const view = isScreen
    ? liveView(process.stderr, output.tint)
    : lineView((line) => output.print(line), run.workflowId);
  const accident = new Accident(replaceWorker, view, output);
  const watched = (async () => {
    for await (const state of run.watch({ every, signal })) {
      if (signal.aborted) return;
      view.show(state);
      await accident.see(state);
    }
  })();
  try {
    // Not left to the watch: a look that no worker answers takes its time.
    await unlessStopped(signal, watched);
    signal.throwIfAborted();
  } finally {
    view.close();
  }
  return accident.hasHappened;
}
