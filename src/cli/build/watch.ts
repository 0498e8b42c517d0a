import type { BuildResult } from '../../domain/builds/result.js';
import { targetName } from '../../domain/target.js';
import { exitCodes } from '../exit.js';
import type { Build, StartedBuild } from './builds.js';
import { brokenPipe, exitCodeOfBuild } from './exit-code.js';
import { printBuildJson } from './json.js';
import type { LogPrinter } from './log-printer.js';
import { LogStream } from './log-stream.js';
import { obey } from './obey.js';
import { resultLines } from './phases.js';
import { type LogFlags, printerFor } from './printer-for.js';
import type { Signals } from './signals.js';
import type { Stage } from './stage.js';

interface WatchOptions extends LogFlags {
  stage: Stage;
  /** The worker is in this process: leaving stops it, too. */
  local: boolean;
  /** Where they were listened for before there was a build. */
  signals?: Signals;
}

/** Shows a build until it ends, then how it ended. The exit code is the build's. */
export async function watchToResult(build: Build, options: WatchOptions): Promise<number> {
  const { stage, json, local } = options;
  const ending = await watch(build, options);
  if (ending !== 'broken' && ending !== 'detached') {
    if (json) printBuildJson(stage.output, ending);
    return exitCodeOfBuild(ending);
  }
  const code = ending === 'broken' ? brokenPipe : exitCodes.interrupted;
  // A look at the log waits up to 20 s for news, and Temporal's client can't close while a call is under way:
  // it would try the call again on a closed connection, and fail outside of anybody's hands.
  return local ? code : stage.exit(code);
}

async function watch(
  build: Build,
  options: WatchOptions,
): Promise<BuildResult | 'broken' | 'detached'> {
  const { stage, json } = options;
  const log = new LogStream(json ? stage.stderr : stage.stdout, stage.output);
  const signals = options.signals ?? stage.signals();
  const ended = new AbortController();
  const view = new BuildView(build, log, options);
  const watched = view.show(ended.signal);
  watched.catch(() => undefined);
  try {
    return await Promise.race([
      watched,
      obey(build, { ...options, log, signals, ended: ended.signal }),
      log.broken.then(() => 'broken' as const),
    ]);
  } finally {
    ended.abort();
    await view.leave();
    log.close();
    signals.close();
  }
}

/** A build on the screen. */
class BuildView {
  private printer: LogPrinter | undefined;
  private isOver = false;

  constructor(
    private readonly build: Build,
    private readonly log: LogStream,
    private readonly options: WatchOptions,
  ) {}

  /** Until the build ends, or until the signal says that it is to be left. */
  async show(signal: AbortSignal): Promise<BuildResult | 'detached'> {
    const { build, log, options } = this;
    const { stdout, stderr, env } = options.stage;
    const started = await build.started();
    if (signal.aborted) return 'detached';
    for (const line of startLines(started, build, options)) log.say(line);
    const logDisabled = (await build.status()).log.disabled ?? false;
    if (logDisabled)
      log.say('the project writes no CloudWatch log: phases are all there is to see');
    const stream = options.json ? stderr : stdout;
    const printer = printerFor(options, { stream, env, elsewhere: 'plain', logDisabled });
    this.printer = printer;
    await log.write(printer.begin());
    for await (const page of build.logs({ follow: true, signal })) {
      if (signal.aborted) return 'detached';
      await log.write(printer.page(page));
    }
    if (signal.aborted) return 'detached';
    const result = await build.result();
    await this.finish(result);
    return result;
  }

  /** Leaves what is shown in order: no group is left open. */
  async leave(): Promise<void> {
    if (this.isOver || !this.printer) return;
    this.isOver = true;
    this.log.resume();
    await this.log.write(this.printer.finish({ lines: [] }));
  }

  private async finish(result: BuildResult): Promise<void> {
    if (this.isOver || !this.printer) return;
    this.isOver = true;
    const { output, stdout } = this.options.stage;
    // To the log's stream, where a CI shows groups: that has colours of its own to spend.
    const isOnTerminal = stdout.isTTY ?? false;
    const lines = resultLines(result, {
      columns: isOnTerminal ? output.columns : 100,
      colours: output.tint,
    });
    await this.log.write(this.printer.finish({ lines, reason: result.reason }));
  }
}

/** What stands above the log: where the build can be looked at, and how to come back to it. */
export function startLines(
  { buildId, links, target }: StartedBuild,
  { workflowId }: Build,
  { stage, local }: Pick<WatchOptions, 'stage' | 'local'>,
): string[] {
  const { tint } = stage.output;
  const follow = `nightshift build follow ${workflowId ?? ''}${local ? ' --local' : ''}`;
  return [
    `${tint.dim('build  ')} ${buildId} in ${targetName(target)}`,
    `${tint.dim('console')} ${links.console}`,
    ...(workflowId === undefined ? [] : [`${tint.dim('follow ')} ${follow}`]),
  ];
}
