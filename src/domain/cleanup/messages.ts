/** Names and arguments of the messages that the cleanup workflows take: the public contract. */

/** A part of a list, since one answer of a workflow holds 2 MB at most. */
export interface PageRequest {
  from: number;
  count: number;
}

export interface SkipRequest {
  /** Name or id of a stack, bucket or snapshot. */
  item: string;
  /** Name or id of the account, when the same name stands in several. */
  account?: string;
  region?: string;
}

export interface ApproveRequest {
  planHash: string;
  /** Who approves, for the record. */
  by?: string;
}

export interface CancelRequest {
  reason?: string;
}

/** Whether a target is to pause: two such signals may overtake each other, so the one with the higher number holds. */
export interface PauseOrder {
  paused: boolean;
  number: number;
}

/** What a run tells a target when its plan may be carried out. */
export interface Proceed {
  /** How many items beyond its plan the target may take up in later passes. */
  allowance: number;
}
