import type { Refusal } from './refusal.js';
import type { StackEvent } from './result.js';

/** One attempt at deleting one stack. */
export interface StackDelete {
  stackId: string;
  name: string;
  /** ClientRequestToken: a repeat within the attempt is the same operation, and its events carry it. */
  token: string;
  /** Overrides the role that the stack was created with. */
  roleArn?: string;
  /** Logical ids to leave behind; accepted from DELETE_FAILED only. */
  retain?: string[];
  force?: boolean;
  /** Turn termination protection off first. */
  disableProtection?: boolean;
}

export type DeleteAnswer = { stackId: string } & (
  { kind: 'accepted'; at: string } | { kind: 'refused'; refusal: Refusal; message: string }
);

/** A delete in flight. */
export interface StackInFlight {
  stackId: string;
  /** Absent when another's delete is being watched. */
  token?: string;
  /** ISO 8601 of the accepted DeleteStack. */
  startedAt: string;
  /** ISO 8601 of when it counts as failed if it still goes on. */
  deadline: string;
  /** Read from its events what the delete left behind. */
  readSkipped?: boolean;
}

/** How a delete ended. Only DELETE_COMPLETE of the very StackId counts as deleted. */
export type Settlement = { stackId: string; at: string } &
  /** `events`: what was left behind, where that was asked for. */
  (
    | { kind: 'deleted'; events?: StackEvent[] }
    /** The stack stays, DELETE_FAILED; events of the attempt, newest first. */
    | { kind: 'failed'; reason?: string; events: StackEvent[] }
    /** Accepted, then silently back where it was: an export is in use. */
    | {
        kind: 'restored';
        status: string;
        reason: string;
        importers: string[];
        events: StackEvent[];
      }
    /** Accepted, but CloudFormation never began it. */
    | { kind: 'not-begun'; status: string }
    /** Still deleting at the deadline. */
    | { kind: 'timed-out'; status: string }
  );
