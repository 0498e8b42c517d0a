import type { RunHandle } from '../../../client/index.js';
import { lineView } from '../../views/line-view.js';
import { liveView } from '../../views/live-view.js';
import { Accident } from '../accident.js';
import { unlessStopped } from '../stopping.js';
import type { Employment } from '../workers.js';
import { cleanupPlot } from './plot.js';

/** Milliseconds between two looks: a demo's run is a short one. */
const every = 400;

/** Shows the run to its end, and has the worker killed on the way. Returns whether that came about. */
export async function watchRun(run: RunHandle, employment: Employment): Promise<boolean> {
  const { output, processes } = employment;
  const { signal } = processes;
  const isScreen = process.stdout.isTTY && process.stderr.isTTY;
  const view = isScreen
    ? liveView(process.stderr, output.tint)
    : lineView((line) => output.print(line), run.workflowId);
  const accident = new Accident(cleanupPlot, employment, view);
  const watched = (async () => {
    for await (const state of run.watch({ every, signal })) {
      if (signal.aborted) return;
      view.show(state);
      await accident.see(state);
      // The next look waits for the new worker: until then, this is what was known before.
      if (accident.isUnderWay) view.show({ ...state, stale: true });
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
