import type { Reference } from './plan.js';

/** A stack that a policy selected, with what decides whether and when it can go. */
export interface InspectedStack {
  kind: 'stack';
  /** StackId. */
  id: string;
  name: string;
  policy: string;
  /** Why its policy must not act here. */
  refusal?: string;
  status: string;
  /** Termination protection, as far as it is known: by name it is certain, from a list it may be missing. */
  protected: boolean;
  /** StackId and name of the living stack that this one is nested in. */
  root?: Reference;
  /** Living root stacks that import one of this stack's exports: they must be gone first. */
  importers: Reference[];
  /** Selected stacks whose templates read an output with Fn::GetStackOutput: they had better go first. */
  readers: string[];
  /** The role that the stack was created with, which its delete uses. */
  roleArn?: string;
}

export interface InspectedBucket {
  kind: 'bucket';
  /** ARN of the bucket. */
  id: string;
  name: string;
  policy: string;
  /** Why its policy must not act here. */
  refusal?: string;
}

export interface InspectedSnapshot {
  kind: 'rds-snapshot';
  /** ARN of the snapshot. */
  id: string;
  name: string;
  policy: string;
  /** Why its policy must not act here. */
  refusal?: string;
  status: string;
  snapshotType: string;
}

export type InspectedResource = InspectedStack | InspectedBucket | InspectedSnapshot;
