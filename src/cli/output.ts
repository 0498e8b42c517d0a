import { InvalidInputError, NightshiftError, formatIssue } from '../domain/errors.js';
import pc from 'picocolors';

/** Where a command writes: results to stdout, all else to stderr. */
export interface Output {
  /** A line of the result. */
  print(text?: string): void;
  /** A line about what goes on. */
  say(text: string): void;
  /** Whether somebody watches. */
  readonly interactive: boolean;
}

export const terminal: Output = {
  print: (text = '') => process.stdout.write(`${text}\n`),
  say: (text) => process.stderr.write(`${text}\n`),
  get interactive() {
    return process.stdin.isTTY && process.stderr.isTTY;
  },
};

/** Prints a value as JSON: alone on stdout. */
export function printJson(output: Output, value: unknown): void {
  output.print(JSON.stringify(value, null, 2));
}

/** What went wrong, for the person at the terminal. */
export function renderError(error: unknown, debug: boolean): string {
  if (!(error instanceof NightshiftError)) {
    const stack = error instanceof Error && debug ? error.stack : undefined;
    return `${pc.red('error')} ${stack ?? (error instanceof Error ? error.message : String(error))}`;
  }
  const lines =
    error instanceof InvalidInputError
      ? error.issues.map((issue) => `${pc.red('error')} ${formatIssue(issue)}`)
      : [`${pc.red('error')} ${error.message}`];
  if (error.hint !== undefined) lines.push(`${pc.dim('  →')} ${error.hint}`);
  lines.push(pc.dim(`  code ${error.code}`));
  if (debug && error.cause !== undefined)
    lines.push(
      pc.dim(error.cause instanceof Error ? (error.cause.stack ?? '') : String(error.cause)),
    );
  return lines.join('\n');
}
