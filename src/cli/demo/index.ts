import { Argument, type Command } from 'commander';
import type { Output } from '../output.js';
import { claimFolder } from './folder.js';
import { untilStopped } from './stopping.js';

/** `nightshift demo` */
export function demoCommand(parent: Command, output: Output): void {
  parent
    .command('demo')
    .description('watch a practice fleet being cleaned up while a worker is killed and replaced')
    .addArgument(new Argument('[what]', 'what to show').choices(['cleanup']).default('cleanup'))
    .action(async () => {
      // Loaded only here: the sandbox that it talks to is no part of what cleans a fleet.
      const { demonstrate } = await import('./demonstrate.js');
      const folder = await claimFolder();
      try {
        process.exitCode = await untilStopped((signal) => demonstrate(folder, output, signal));
      } catch (error) {
        // A question to the run may still wait for an answer that nobody gives any more.
        setTimeout(() => process.exit(), 100).unref();
        throw error;
      } finally {
        await folder.release();
      }
    });
}
