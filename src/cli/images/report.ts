import type { Command } from 'commander';
import { renderLineReport } from '../../report/index.js';
import { exitCodes } from '../exit.js';
import type { Output } from '../output.js';
import { writeReport } from '../write-report.js';
import { addChoiceFlags } from './choice.js';
import { lineSubcommand, withLine } from './line-command.js';
import { type StatusFlags, showStatus, statusOf } from './status.js';

/** `nightshift images report` */
export function reportCommand(parent: Command, output: Output): void {
  addChoiceFlags(lineSubcommand(parent, 'report', 'show how a line stands, or write it as a page'))
    .option('--output <file>', 'write it as one HTML file')
    .action((name: string, flags: StatusFlags & { output?: string }) =>
      withLine(name, flags, output, async (at) => {
        const status = await statusOf(at, flags);
        if (flags.output !== undefined) {
          const html = renderLineReport(status, { generatedAt: new Date() });
          const path = await writeReport(flags.output, html, {
            source: 'images report',
            path: '--output',
          });
          if (flags.json) output.say(`report written to ${path}`);
          else output.print(`report written to ${path}`);
        }
        if (flags.json || flags.output === undefined) showStatus(status, flags, output);
        return exitCodes.done;
      }),
    );
}
