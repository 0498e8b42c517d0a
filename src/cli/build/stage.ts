import type { Output } from '../output.js';
import { type Ask, type Signals, askOn, openSignals } from './signals.js';

/** Where a build is shown; given by tests, the process's own otherwise. */
export interface Stage {
  output: Output;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; fd?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; fd?: number };
  env: NodeJS.ProcessEnv;
  signals: () => Signals;
  /** Absent where nobody can be asked. */
  ask: Ask | undefined;
}

export function stageOf(output: Output): Stage {
  const { stdout, stderr, env } = process;
  return { output, stdout, stderr, env, signals: openSignals, ask: askOn(output) };
}
