import type { Rate } from '../aws/pacer.js';

/** What a call of the Stacks API takes at most. */
export const stackLimits = {
  keyBytes: 80,
  /** Jobs of a page, of a reservation, of a look at states. */
  jobs: 1000,
  notifications: 1000,
  notificationCharacters: 256,
  finishDetailBytes: 4096,
  metadataKeys: 100,
  metadataKeyCharacters: 64,
  metadataValueCharacters: 256,
  reservationSeconds: 3600,
} as const;

/** Calls per second and stack that Buildkite grants by default. */
export const stackRates = {
  StackScheduledJobs: 10,
  StackBatchReserve: 10,
  StackGetJob: 1000,
  StackGetStates: 20,
  StackFinishJob: 100,
  StackNotifications: 200,
  StackDeregister: 10,
} as const;
export type PacedCall = keyof typeof stackRates;

/**
 * A rate that keeps to `perSecond` in every second, wherever it is begun: Buildkite's window slides, so that what may
 * go at once is taken off what goes on.
 */
export function paceOf(perSecond: number): Rate {
  const burst = Math.ceil(perSecond / 5);
  return { perSecond: perSecond - burst, burst };
}
