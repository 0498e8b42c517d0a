import type { Command } from 'commander';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import type { Build } from './builds.js';
import { printBuildJson } from './json.js';
import { resultLines } from './phases.js';
import { type BuildFlags, buildSubcommand, withBuild } from './session.js';

interface StopFlags extends BuildFlags {
  reason?: string;
  wait: boolean;
}

/** `nightshift build stop` */
export function stopCommand(parent: Command, output: Output): void {
  buildSubcommand(parent, 'stop', 'stop a build and wait for its end')
    .option('--reason <text>', 'why, for those who look at it later')
    .option('--no-wait', 'return once it was told')
    .action((name: string, flags: StopFlags) =>
      withBuild(name, flags, (build) => stopBuild(build, flags, output)),
    );
}

/** 0 once the build has ended, or was told to, by whomever. */
export async function stopBuild(build: Build, flags: StopFlags, output: Output): Promise<number> {
  const { buildId, status } = await build.status();
  if (status !== 'IN_PROGRESS') output.say(`${buildId} has ended already: ${status}`);
  else {
    await build.stop(flags.reason ?? 'stopped by nightshift build stop');
    output.say(`stopping ${buildId}`);
  }
  if (!flags.wait) {
    if (flags.json)
      printBuildJson(output, { buildId, workflowId: build.workflowId, done: 'stopping' });
    return exitCodes.done;
  }
  const result = await build.result();
  const { columns, paint: colours } = output;
  if (flags.json) printBuildJson(output, result);
  else output.print(resultLines(result, { columns, colours }).join('\n'));
  return exitCodes.done;
}
