import type { LogCursor } from './log-cursor.js';
import type { BuildSnapshot } from './result.js';
import type { BuildPlace } from './spec.js';

/** Input of the workflow `buildLog`: one look at a build's log. */
export interface LogRequest {
  place: BuildPlace;
  buildId: string;
  cursor: LogCursor;
  /** Milliseconds to wait for something new; 0 reads what is there. */
  wait: number;
}

/** What a look at a log brings. */
export interface LogAnswer {
  /** Pages of events, each packed: gzipped JSON of `[timestamp, message]` pairs, in base64. */
  pages: string[];
  /** Where the next look begins. */
  cursor: LogCursor;
  build: BuildSnapshot;
  /** Whether there was no more to read for now. */
  isEnd: boolean;
  /** Whether this was the last of it: the build has ended and its log is read to the end. */
  isWhole: boolean;
}
