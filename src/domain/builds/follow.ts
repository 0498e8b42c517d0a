import { type LogCursor, logStart } from './log-cursor.js';
import type { BuildSnapshot, LogPosition } from './result.js';

/** How far a follower is. Small: it is each heartbeat's detail. */
export interface FollowState {
  /** Before the first event that no sink has for certain. */
  cursor: LogCursor;
  /** Bytes, events and parts that the sinks have for certain. */
  position: LogPosition;
  /**
   * Bytes after `position` that the sinks were being given. Whoever takes over gives them the very same ones:
   * parts that were cut otherwise would be neither the same nor new.
   */
  pending?: number;
}

export const followStart: FollowState = {
  cursor: logStart,
  position: { bytes: 0, events: 0, parts: 0, lost: 0 },
};

/** The log goes on in another build: what the sinks have stays counted. */
export function inNextBuild({ position }: FollowState): FollowState {
  return { cursor: logStart, position };
}

/** What `followBuild` returns at a build's end, its log being whole. */
export interface FollowOutcome {
  build: BuildSnapshot;
  state: FollowState;
}
