import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidInputError, NightshiftError } from '../../domain/errors.js';
import { renderHtmlReport, renderTextSummary } from '../../report/index.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
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
          const path = resolve(flags.html);
          await write(path, renderHtmlReport(result));
          if (flags.json) output.say(`report written to ${path}`);
          else output.print(`report written to ${path}`);
        }
        if (flags.json) printJson(output, result);
        else if (flags.html === undefined) output.print(renderTextSummary(result));
        return exitCodes.done;
      }),
    );
}

async function write(path: string, html: string): Promise<void> {
  try {
    await writeFile(path, html);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidInputError(
      [
        {
          source: 'cleanup report',
          path: '--html',
          message: `${path} can’t be written: ${message}`,
        },
      ],
      { cause },
    );
  }
}
