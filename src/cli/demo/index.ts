import { Argument, type Command } from 'commander';
import type { Output } from '../output.js';
import type { Demo } from './demonstrate.js';
import { claimFolder } from './folder.js';
import { untilStopped } from './stopping.js';

/** The demos, by the word that names them. */
const demos = {
  cleanup: async (): Promise<Demo> => (await import('./cleanup/index.js')).cleanupDemo,
  builds: async (): Promise<Demo> => (await import('./builds/index.js')).buildsDemo,
  images: async (): Promise<Demo> => (await import('./images/index.js')).imagesDemo,
};

/** `nightshift demo` */
export function demoCommand(parent: Command, output: Output): void {
  parent
    .command('demo')
    .description(
      'watch Nightshift at work on a practice cloud while a worker is killed and replaced',
    )
    .addArgument(
      new Argument(
        '[what]',
        'what to show: a fleet being cleaned up, builds and Buildkite jobs, or machine images',
      )
        .choices(Object.keys(demos))
        .default('cleanup'),
    )
    .action(async (what: keyof typeof demos) => {
      // Loaded only here: the sandbox that it talks to is no part of what does the work.
      const { demonstrate } = await import('./demonstrate.js');
      const demo = await demos[what]();
      const folder = await claimFolder();
      try {
        process.exitCode = await untilStopped((signal) =>
          demonstrate(demo, folder, output, signal),
        );
      } catch (error) {
        // A question to the run may still wait for an answer that nobody gives any more.
        setTimeout(() => process.exit(), 100).unref();
        throw error;
      } finally {
        await folder.release();
      }
    });
}
