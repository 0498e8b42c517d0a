import type { Command } from 'commander';
import type { QueueStatus } from '../../client/index.js';
import { plural } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { type Session, withSession } from '../session.js';

interface Flags {
  config?: string;
  json?: boolean;
}

function subcommand(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--json', 'print the result as JSON, alone on stdout');
}

/** Does the work of a command; its exit code is 0 unless the work says another. */
async function act(
  flags: Flags,
  work: (session: Session) => Promise<number | void>,
): Promise<void> {
  process.exitCode = (await withSession(flags, work)) ?? exitCodes.done;
}

/** `nightshift buildkite status` */
export function statusCommand(parent: Command, output: Output): void {
  subcommand(parent, 'status', 'show the queues that are served, and their jobs').action(
    (flags: Flags) =>
      act(flags, async ({ nightshift }) => {
        const queues = await nightshift.buildkite.status();
        if (flags.json) printJson(output, queues);
        else if (queues.length === 0)
          output.say('no queue is served: start `nightshift buildkite serve`');
        else for (const queue of queues) for (const line of shown(queue)) output.print(line);
      }),
  );
}

/** `nightshift buildkite stop` */
export function stopCommand(parent: Command, output: Output): void {
  subcommand(parent, 'stop', 'take no more jobs of a queue; those that run go on')
    .argument('<queue>', 'key of the queue')
    .action((queue: string, flags: Flags) =>
      act(flags, async ({ nightshift }) => {
        await nightshift.buildkite.stop(queue);
        if (flags.json) printJson(output, { queue, state: 'stopping' });
        else output.print(`queue ${queue} takes no more jobs`);
      }),
    );
}

/** `nightshift buildkite sweep` */
export function sweepCommand(parent: Command, output: Output): void {
  subcommand(parent, 'sweep', 'end builds and jobs whose workflow is gone, now').action(
    (flags: Flags) =>
      act(flags, async ({ nightshift, loaded }) => {
        const result = await nightshift.buildkite.sweep(
          loaded ? { config: loaded.config } : undefined,
        );
        const { projects, stopped, finished, troubles } = result;
        if (flags.json) printJson(output, result);
        else {
          output.print(
            `${plural(projects, 'project')} looked through: ${plural(stopped.length, 'build')} stopped, ${plural(finished.length, 'job')} finished as lost`,
          );
          for (const id of [...stopped, ...finished]) output.print(`  ${id}`);
          for (const trouble of troubles) output.say(trouble);
        }
        return troubles.length === 0 ? exitCodes.done : exitCodes.failed;
      }),
  );
}

function shown(queue: QueueStatus): string[] {
  const { running, waiting, concurrency, intake, state, begun, trouble } = queue;
  const lines = [
    `${queue.queue}  ${state} (${intake})  ${running.length} of ${concurrency} slots taken, ${waiting.length} waiting, ${begun} begun`,
    ...running.map((id) => `  runs   ${id}`),
    ...waiting.map((id) => `  waits  ${id}`),
  ];
  return trouble === undefined ? lines : [...lines, `  trouble: ${trouble}`];
}
