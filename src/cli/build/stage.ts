import type { Output } from '../output.js';
import { type Ask, type Signals, askOn, openSignals } from './signals.js';

/** Where a build is shown; given by tests, the process's own otherwise. */
export interface Stage {
  output: Output;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; fd?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; fd?: number };
  env: NodeJS.ProcessEnv;
  signals: () => Signals;
  /** Ends the process, and what still waits for an answer with it. */
  exit(code: number): number;
  /** Absent where nobody can be asked. */
  ask: Ask | undefined;
}

export function stageOf(output: Output): Stage {
  const { stdout, stderr, env } = process;
  const exit = (code: number) => process.exit(code);
  return { output, stdout, stderr, env, signals: openSignals, exit, ask: askOn(output) };
}
