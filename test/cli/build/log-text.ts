import type { LogEvent } from '../../../src/cli/build/lines.js';

/** A time that all made-up logs begin at. */
export const start = Date.parse('2026-03-14T23:00:00.000Z');

/** Events a second apart, one for each message. */
export function events(...messages: string[]): LogEvent[] {
  return messages.map((message, index) => ({ timestamp: start + index * 1_000, message }));
}

/** A line as CodeBuild writes its own. */
export function own(text: string): string {
  return `[Container] 2026/03/14 23:00:00.123456 ${text}\n`;
}
