/** An event of a log: a line with its line break, as a rule; a part of one, or many, too. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  timestamp: number;
  message: string;
}

/** A part of a log. */
export interface LogPart {
  /** Of the event that it came with, or that its line began with, where it was held back. */
  timestamp: number;
  text: string;
  /** Whether it begins a line. */
  opens: boolean;
  /** Whether it ends one: with a line feed. A carriage return alone, as progress bars write it, ends none. */
  closes: boolean;
}

/** What CodeBuild's own lines begin with. */
export const containerMark = '[Container] ';

/** A line of CodeBuild's own that is longer is none. */
const longestHeld = 1_000;

/**
 * Joins the events of a log to lines, without changing a byte: what is returned, one after another, is what
 * came in. A line that is not whole is returned as far as it goes, so that dots appear as they are written;
 * only one that may yet become CodeBuild's own is held back until it is known.
 */
export class LineJoiner {
  private held: LogPart | undefined;
  private midLine = false;

  push({ timestamp, message }: LogEvent): LogPart[] {
    const parts: LogPart[] = [];
    for (let from = 0; from < message.length;) {
      const feed = message.indexOf('\n', from);
      const to = feed === -1 ? message.length : feed + 1;
      const text = message.slice(from, to);
      const part = this.joined({ timestamp, text, closes: feed !== -1 });
      if (part) parts.push(part);
      from = to;
    }
    return parts;
  }

  /** Whether nothing is held back. */
  get isEmpty(): boolean {
    return this.held === undefined;
  }

  /** What was held back: nothing more comes. */
  flush(): LogPart[] {
    const { held } = this;
    this.held = undefined;
    if (!held) return [];
    this.midLine = true;
    return [held];
  }

  private joined(next: Omit<LogPart, 'opens'>): LogPart | undefined {
    const { held } = this;
    this.held = undefined;
    const part: LogPart = held
      ? { ...held, text: held.text + next.text, closes: next.closes }
      : { ...next, opens: !this.midLine };
    if (part.opens && !part.closes && mayBecomeOwn(part.text)) {
      this.held = part;
      return undefined;
    }
    this.midLine = !part.closes;
    return part;
  }
}

function mayBecomeOwn(text: string): boolean {
  return (
    text.length < longestHeld && (containerMark.startsWith(text) || text.startsWith(containerMark))
  );
}
