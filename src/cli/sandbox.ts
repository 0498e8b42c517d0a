import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { packageRoot } from '../temporal/package-root.js';
import { portNumber } from './dev.js';
import type { Output } from './output.js';

interface SandboxFlags {
  port: number;
  fleet?: string;
  speed: number;
  seed?: number;
}

/** `nightshift sandbox` */
export function sandboxCommand(parent: Command, output: Output): void {
  parent
    .command('sandbox')
    .description('run a cloud to practise on until Ctrl-C; nothing in it is AWS')
    .option('--port <n>', 'port on 127.0.0.1; 0 for any free one', portNumber, 4777)
    .option('--fleet <file>', 'what is there at the start (default: the example fleet)')
    .option('--speed <n>', 'sandbox seconds per second', positiveNumber, 60)
    .option('--seed <n>', 'seed of its faults, in place of the fleet’s', wholeNumber)
    .action(async ({ port, fleet, speed, seed }: SandboxFlags) => {
      // Loaded only here: the sandbox is no part of what cleans a fleet.
      const { runSandbox } = await import('../../sandbox/main.js');
      process.exitCode = await runSandbox({
        fleet: fleet ?? join(packageRoot(), 'examples', 'fleet.yaml'),
        port,
        speed,
        out: (line) => output.print(line),
        error: (line) => output.say(line),
        ...(seed === undefined ? {} : { seed }),
      });
    });
}

function positiveNumber(value: string): number {
  const number = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && number > 0) return number;
  throw new InvalidArgumentError('It must be a number greater than 0.');
}

function wholeNumber(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 0.');
}
