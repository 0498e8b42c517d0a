import type { RunHandle } from '../../client/index.js';
import { renderTextSummary } from '../../report/index.js';
import { exitCodeOfRun, exitCodes } from '../exit.js';
import { Interrupts } from '../interrupts.js';
import { type Output, printJson } from '../output.js';
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

/** Shows a run until it ends, then its result. The exit code is the run's. */
export async function followToResult(run: RunHandle, options: FollowOptions): Promise<number> {
  const { output, json, local } = options;
  if ((await follow(run, options)) === 'detached') return exitCodes.interrupted;
  const result = await run.result();
  if (json) printJson(output, result);
  else {
    output.print(`\n${renderTextSummary(result)}`);
    const flags = local ? ' --local' : '';
    output.say(
      `For all of it: nightshift cleanup report ${run.workflowId}${flags} --html report.html`,
    );
  }
  return exitCodeOfRun(result);
}

/**
 * Shows a run until it ends. A Ctrl-C leaves it going on, a second one cancels it: then it is watched
 * to its end, which comes when AWS is through with what it was told.
 */
async function follow(run: RunHandle, options: FollowOptions): Promise<'ended' | 'detached'> {
  const { output, json } = options;
  const interrupts = new Interrupts();
  const stop = new AbortController();
  const view =
    process.stderr.isTTY && !json
      ? liveView(process.stderr, output.tint)
      : lineView((line) => (json ? output.say(line) : output.print(line)), run.workflowId);
  const watched = (async () => {
    for await (const state of run.watch({ every: view.every, signal: stop.signal }))
      if (!stop.signal.aborted) view.show(state);
    return stop.signal.aborted ? ('detached' as const) : ('ended' as const);
  })();
  const interrupted = interrupts.next().then(async () => {
    if (!(await isSecond(interrupts, view, run, options))) {
      // Not waited for: a look that no worker answers takes its time.
      stop.abort();
      return 'detached' as const;
    }
    await run.cancel({ reason: 'cancelled at the terminal' });
    return await watched;
  });
  try {
    return await Promise.race([watched, interrupted]);
  } finally {
    stop.abort();
    view.close();
    interrupts.close();
    watched.catch(() => undefined);
  }
}

async function isSecond(
  interrupts: Interrupts,
  view: { pause(): void; resume(): void },
  run: RunHandle,
  { output, local }: FollowOptions,
): Promise<boolean> {
  view.pause();
  output.say(
    `\nDetaching: ${run.workflowId} ${local ? 'waits for its worker, which ends now' : 'goes on'}.\n` +
      `Come back with: ${local ? 'the same command' : `nightshift cleanup watch ${run.workflowId}`}\n` +
      `Ctrl-C again within ${secondThoughts / 1_000} s to cancel the run.`,
  );
  if (!(await interrupts.within(secondThoughts))) return false;
  output.say('Cancelling: nothing more is begun; what AWS deletes by now is waited for.');
  view.resume();
  return true;
}
