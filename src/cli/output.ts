import { inspect } from 'node:util';
import pc from 'picocolors';
import { InvalidInputError, NightshiftError, formatIssue } from '../domain/errors.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** Where a command writes: results to stdout, all else to stderr. */
export interface Output {
  /** A line of the result. */
  print(text?: string): void;
  /** A line about what goes on. */
  say(text: string): void;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** Columns of the terminal that results go to; 80 where it is none. */
  readonly columns: number;
  /** Colours for what is printed; none where that is not a terminal. */
  readonly paint: Colours;
  /** The same for what is said. */
  readonly tint: Colours;
}

export const terminal: Output = {
  print: (text = '') => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  get interactive() {
    return process.stdin.isTTY && process.stderr.isTTY;
  },
  get columns() {
    return process.stdout.columns || 80;
  },
  paint: coloursFor(process.stdout),
  tint: coloursFor(process.stderr),
};

/** Colours that a stream can show. A file or a pipe shows none, whatever `CI` or `FORCE_COLOR` say. */
export function coloursFor(
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): Colours {
  const plain = !stream.isTTY || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return pc.createColors(!plain);
}

/** Prints a value as JSON: alone on stdout. */
export function printJson(output: Output, value: unknown): void {
  output.print(JSON.stringify(value, null, 2));
}

/** What went wrong, for the person at the terminal. */
export function renderError(error: unknown, debug: boolean, colours: Colours): string {
  const mark = colours.red('error');
  if (!(error instanceof NightshiftError)) {
    const stack = error instanceof Error && debug ? error.stack : undefined;
    return `${mark} ${stack ?? (error instanceof Error ? error.message : String(error))}`;
  }
  const lines =
    error instanceof InvalidInputError
      ? error.issues.map((issue) => `${mark} ${formatIssue(issue)}`)
      : [`${mark} ${error.message}`];
  if (error.hint !== undefined) lines.push(`${colours.dim('  →')} ${error.hint}`);
  lines.push(colours.dim(`  code ${error.code}`));
  if (debug && error.cause !== undefined)
    lines.push(
      colours.dim(error.cause instanceof Error ? (error.cause.stack ?? '') : inspect(error.cause)),
    );
  return lines.join('\n');
}
