import type { Command } from 'commander';
import { NightshiftError } from '../../domain/errors.js';
import { renderHtmlReport, renderTextSummary } from '../../report/index.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { writeReport } from '../write-report.js';
import { type RunFlags, runSubcommand, withRun } from './run-argument.js';

/** `nightshift cleanup report` */
export function reportCommand(parent: Command, output: Output): void {
  runSubcommand(parent, 'report', 'show what a run did')
    .option('--html <file>', 'write it as one HTML file')
    .action((name: string, flags: RunFlags & { html?: string }) =>
      withRun(name, flags, async (run) => {
        if (await run.isGoingOn()) {
          throw new NightshiftError('InvalidInput', `${run.workflowId} still goes on`, {
            hint: `its report comes at its end; until then: nightshift cleanup watch ${run.workflowId}`,
          });
        }
        const result = await run.result();
        if (flags.html !== undefined) {
          const path = await writeReport(flags.html, renderHtmlReport(result), {
            source: 'cleanup report',
            path: '--html',
          });
          if (flags.json) output.say(`report written to ${path}`);
          else output.print(`report written to ${path}`);
        }
        if (flags.json) printJson(output, result);
        else if (flags.html === undefined) output.print(renderTextSummary(result));
        return exitCodes.done;
      }),
    );
}
