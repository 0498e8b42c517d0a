import type { GeneratedEvents } from '../logs/segment.js';
import type { LogSpec } from './behaviour.js';

const ordinaryLines = 10;
const ordinaryLineBytes = 80;

/**
 * What a command writes that doesn't really run: made up while it is read, and the same each time.
 *
 * @param startedAt sandbox ms
 * @param seconds for how long it writes
 */
export function simulatedOutput(
  log: LogSpec,
  startedAt: number,
  seconds: number,
): Omit<GeneratedEvents, 'visibleAt'> {
  const lineBytes = log.lineBytes ?? ordinaryLineBytes;
  const bytes = log.bytes ?? (log.lines ?? ordinaryLines) * lineBytes;
  const wanted = lineCountOf(bytes, lineBytes);
  const lines = lineCount(log, wanted, seconds);
  const everySeconds = log.everySeconds ?? seconds / Math.max(1, wanted);
  const lastBytes = log.bytes === undefined ? lineBytes : bytes - (wanted - 1) * lineBytes;
  const line = (index: number) => lineOf(index, index === wanted - 1 ? lastBytes : lineBytes);
  const timestampOf = (index: number) => startedAt + index * everySeconds * 1000;
  if (!log.partialLines) return { count: lines, line, timestampOf };
  return {
    count: lines * 2,
    line: (index) => half(line(index >> 1), index % 2 === 0),
    timestampOf: (index) => timestampOf(index >> 1),
  };
}

/** A line has two bytes at least, so that it can come in two parts: a byte that is left goes with the line before. */
function lineCountOf(bytes: number, lineBytes: number): number {
  if (bytes === 0) return 0;
  const whole = Math.floor(bytes / lineBytes);
  return bytes % lineBytes > 1 || whole === 0 ? whole + 1 : whole;
}

function lineCount(log: LogSpec, wanted: number, seconds: number): number {
  if (log.everySeconds === undefined) return wanted;
  const inTime = Math.ceil(seconds / log.everySeconds);
  const isBounded = log.lines !== undefined || log.bytes !== undefined;
  return isBounded ? Math.min(wanted, inTime) : inTime;
}

/** A line of exactly so many UTF-8 bytes, its line break included, that begins with its number. */
function lineOf(index: number, bytes: number): string {
  const start = `${index} `;
  const room = bytes - 1 - start.length;
  return room < 0 ? `${start.slice(0, bytes - 1)}\n` : `${start}${textOf(room)}\n`;
}

const words = 'compiled one module after another, nothing of note ✓ ';
const texts = new Map<number, string>();

/** Text of exactly so many bytes, some of which make a letter only together. */
function textOf(bytes: number): string {
  let text = texts.get(bytes);
  if (text === undefined) {
    const whole = words.repeat(Math.floor(bytes / Buffer.byteLength(words)));
    text = whole + '.'.repeat(bytes - Buffer.byteLength(whole));
    texts.set(bytes, text);
  }
  return text;
}

function half(line: string, isFirst: boolean): string {
  const middle = line.length >> 1;
  return isFirst ? line.slice(0, middle) : line.slice(middle);
}
