import type { LogEvent } from './segment.js';

/** Events that are turned into bytes at once. Strings of a whole page are slower to flatten than many short ones. */
const batch = 256;

/**
 * The JSON of an answer of GetLogEvents. Pages are a megabyte and are all that a busy reader asks for, hence by hand:
 * events of one millisecond, of which logs are full, share the text around their messages.
 */
export function writePage(events: readonly LogEvent[], forward: string, backward: string): Buffer {
  const pieces: Buffer[] = [];
  const around = new Around();
  let json = '{"events":[';
  events.forEach((event, index) => {
    const separator = index === 0 ? '' : ',';
    json += separator + around.before(event) + JSON.stringify(event.message) + around.after(event);
    if (index % batch !== batch - 1) return;
    pieces.push(Buffer.from(json));
    json = '';
  });
  json += `],"nextForwardToken":"${forward}","nextBackwardToken":"${backward}"}`;
  return Buffer.concat([...pieces, Buffer.from(json)]);
}

/** What stands before and after a message, kept until an event of another time comes. */
class Around {
  private timestamp = NaN;
  private visibleAt = NaN;
  private head = '';
  private tail = '';

  before({ timestamp }: LogEvent): string {
    if (timestamp !== this.timestamp) this.head = `{"timestamp":${timestamp},"message":`;
    this.timestamp = timestamp;
    return this.head;
  }

  after({ visibleAt }: LogEvent): string {
    if (visibleAt !== this.visibleAt) this.tail = `,"ingestionTime":${visibleAt}}`;
    this.visibleAt = visibleAt;
    return this.tail;
  }
}
