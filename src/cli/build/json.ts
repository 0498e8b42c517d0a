import type { Output } from '../output.js';

/**
 * Prints a value as JSON, alone on stdout. GitHub's runner obeys `##[command]` wherever it stands in a line, and
 * a build's messages quote the commands of whoever wrote its buildspec: the same JSON, written otherwise.
 */
export function printBuildJson(output: Output, value: unknown): void {
  output.print(JSON.stringify(value, null, 2).replaceAll('##[', '\\u0023#['));
}
