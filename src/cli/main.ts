#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { planCommand } from './cleanup/plan.js';
import { runCommand } from './cleanup/run.js';
import { exitCodeOf, exitCodes } from './exit.js';
import { renderError, terminal } from './output.js';

const program = new Command('nightshift')
  .description('A platform team’s night work on AWS, done durably on Temporal')
  .option('--debug', 'show causes and stack traces of errors')
  .exitOverride()
  .showHelpAfterError('(nightshift --help shows what there is)');

const cleanup = program
  .command('cleanup')
  .description('delete ephemeral stacks, buckets and snapshots');
planCommand(cleanup, terminal);
runCommand(cleanup, terminal);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  else {
    terminal.say(renderError(error, program.opts<{ debug?: boolean }>().debug ?? false));
    process.exitCode = exitCodeOf(error);
  }
}
