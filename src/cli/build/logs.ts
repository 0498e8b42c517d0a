import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import type { Build, LogPage } from './builds.js';
import { addLogFlags } from './flags.js';
import { printBuildJson } from './json.js';
import { LogStream } from './log-stream.js';
import { type LogFlags, printerFor } from './printer-for.js';
import { type BuildFlags, buildSubcommand, withBuild } from './session.js';
import { type Stage, stageOf } from './stage.js';

/** `nightshift build logs` */
export function logsCommand(parent: Command, output: Output): void {
  addLogFlags(
    buildSubcommand(parent, 'logs', 'print what there is of a build’s log, and end'),
  ).action((name: string, flags: BuildFlags & LogFlags) =>
    withBuild(name, flags, (build) => printLog(build, flags, stageOf(output))),
  );
}

/** Prints the log as far as it goes. With `json`, that goes to stderr, and how the build stands to stdout. */
export async function printLog(
  build: Build,
  { json, ...flags }: LogFlags,
  { output, stdout, stderr, env }: Pick<Stage, 'output' | 'stdout' | 'stderr' | 'env'>,
): Promise<number> {
  const stream = json ? stderr : stdout;
  const printer = printerFor(flags, { stream, env, elsewhere: 'none' });
  const log = new LogStream(stream, output);
  const stop = new AbortController();
  const end = () => stop.abort();
  log.broken.then(end, end);
  let last: LogPage | undefined;
  try {
    await log.write(printer.begin());
    for await (const page of build.logs({ follow: false, signal: stop.signal })) {
      last = page;
      await log.write(printer.page(page));
      if (stop.signal.aborted) break;
    }
    // A reader that has gone is no error; a disk that is full is.
    if (stop.signal.aborted) await log.broken;
    await log.write(printer.finish({ lines: [] }));
  } finally {
    log.close();
  }
  if (json) printBuildJson(output, last ? standing(last) : await build.status());
  return exitCodes.done;
}

function standing({ buildId, status, phase }: LogPage): Omit<LogPage, 'events'> {
  return { buildId, status, ...(phase === undefined ? {} : { phase }) };
}
