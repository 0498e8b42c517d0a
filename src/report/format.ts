import prettyMilliseconds from 'pretty-ms';

/** How long something took, for people: `340ms`, `42s`, `12m 3s`, `2h 5m`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  return prettyMilliseconds(whole, { unitCount: 2, secondsDecimalDigits: 0 });
}

/** `1,234`: counts are grouped the same way wherever the report is made. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 stack`, `2 stacks`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `2026-03-14 23:00:04 UTC`: one zone, named, because the reader's may not be the account's. */
export function formatTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `23:00:04`, in UTC. */
export function formatClock(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** Milliseconds since the epoch, or undefined where the text is absent or no time. */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Shortens in the middle: a stack's name tells most at its two ends. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`;
}
