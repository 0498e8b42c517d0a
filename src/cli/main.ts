#!/usr/bin/env node
import './environment.js';
import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from './exit.js';
import { InterruptedError } from './interrupts.js';
import { renderError, terminal } from './output.js';
import { createProgram } from './program.js';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});

const program = createProgram(terminal);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError)
    // Commander has said what was wrong; help that was asked for is no error.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  else {
    const debug = program.opts<{ debug?: boolean }>().debug ?? false;
    if (error instanceof InterruptedError) terminal.say('interrupted; nothing goes on');
    else terminal.say(renderError(error, debug, terminal.tint));
    process.exitCode = exitCodeOf(error);
  }
}
