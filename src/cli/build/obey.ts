import type { Build } from './builds.js';
import type { LogStream } from './log-stream.js';
import type { Signals, Wish } from './signals.js';
import type { Stage } from './stage.js';

interface ObeyOptions {
  stage: Stage;
  local: boolean;
  log: LogStream;
  signals: Signals;
  /** Aborted when nobody needs to be asked any more. */
  ended: AbortSignal;
}

/**
 * Does what Ctrl-C and SIGTERM ask. SIGTERM stops the build. A Ctrl-C asks, where there is somebody to ask, and
 * stops the build where there is not; one more, while the build is being stopped, leaves it to that. Resolves
 * when the command is to leave the build; a build that is stopped is watched to its end.
 */
export async function obey(build: Build, options: ObeyOptions): Promise<'detached'> {
  const { log, signals } = options;
  for (;;) {
    const told = await signals.next();
    const wish = told === 'terminate' ? 'stop' : await ask(options);
    if (wish === 'watch') continue;
    if (wish === 'detach') break;
    log.say('stopping the build; its log is read to the end');
    await stop(build, log, told === 'terminate' ? 'stopped by SIGTERM' : 'stopped at the terminal');
    while ((await signals.next()) === 'terminate');
    break;
  }
  log.say(leaving(build, options.local));
  return 'detached';
}

async function ask({ stage, log, signals, ended }: ObeyOptions): Promise<Wish> {
  if (!stage.ask) return 'stop';
  const answered = new AbortController();
  log.pause();
  try {
    return await Promise.race([
      stage.ask(AbortSignal.any([answered.signal, ended])),
      // A terminal that is being asked has no Ctrl-C of its own; these come from elsewhere, and are second ones.
      signals.next().then((): Wish => 'stop'),
    ]);
  } finally {
    answered.abort();
    log.resume();
  }
}

async function stop(build: Build, log: LogStream, reason: string): Promise<void> {
  try {
    await build.stop(reason);
  } catch (error) {
    // It may have ended by itself; what became of it is seen by those who watch it.
    log.say(`it can’t be stopped: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function leaving({ workflowId }: Build, local: boolean): string {
  if (local) return 'detached: the build goes on, and its log is read on by the same command';
  return workflowId === undefined
    ? 'detached: the build goes on'
    : `detached: the build goes on; come back with: nightshift build follow ${workflowId}`;
}
