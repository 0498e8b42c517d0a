import type { Command } from 'commander';
import type { Output } from '../output.js';
import { exitCodeHelp } from './exit-code.js';
import { addLogFlags } from './flags.js';
import type { LogFlags } from './printer-for.js';
import { type BuildFlags, buildSubcommand, withBuild } from './session.js';
import { stageOf } from './stage.js';
import { watchToResult } from './watch.js';

/** `nightshift build follow` */
export function followCommand(parent: Command, output: Output): void {
  addLogFlags(
    buildSubcommand(parent, 'follow', 'show a build’s log from its beginning, and exit as it does'),
  )
    .addHelpText('after', exitCodeHelp)
    .action((name: string, flags: BuildFlags & LogFlags) =>
      withBuild(name, flags, (build, { local }) =>
        watchToResult(build, { ...flags, stage: stageOf(output), local }),
      ),
    );
}
