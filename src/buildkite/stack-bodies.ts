import { cutToCharacters } from './cut.js';
import { stackLimits } from './stack-limits.js';

/** One line that is shown at a job on its build's page. */
export interface StackNotification {
  jobId: string;
  /** Cut at 256 characters. */
  detail: string;
}

/** A notification that Buildkite has refused, while it took the others. */
export interface RefusedNotification {
  jobId: string;
  error: string;
}

/** Throws a RangeError for a key that Buildkite would refuse. */
export function checkKey(key: string): void {
  if (!/^[\w-]+$/.test(key) || Buffer.byteLength(key) > stackLimits.keyBytes) {
    throw new RangeError(
      `the key of a stack is up to ${stackLimits.keyBytes} letters, digits, _ and -, not ${JSON.stringify(key)}`,
    );
  }
}

export function cutMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata)
      .slice(0, stackLimits.metadataKeys)
      .map(([name, value]) => [
        cutToCharacters(name, stackLimits.metadataKeyCharacters),
        cutToCharacters(value, stackLimits.metadataValueCharacters),
      ]),
  );
}

/** Of a reservation. */
export function expiryOf(seconds: number | undefined): { reservation_expiry_seconds?: number } {
  if (seconds === undefined) return {};
  // In whole seconds, as Buildkite counts.
  const whole = Math.max(1, Math.min(Math.ceil(seconds), stackLimits.reservationSeconds));
  return { reservation_expiry_seconds: whole };
}

export function notificationBody({ jobId, detail }: StackNotification) {
  return {
    job_uuid: jobId,
    detail: cutToCharacters(detail, stackLimits.notificationCharacters),
  };
}

/** Which notifications of a call were refused: Buildkite names them by their place in it. */
export function refusedOf(
  errors: readonly { error: string; indexes: readonly number[] }[],
  batch: readonly StackNotification[],
): RefusedNotification[] {
  return errors.flatMap(({ error, indexes }) =>
    indexes.flatMap((index) => {
      const jobId = batch[index]?.jobId;
      return jobId === undefined ? [] : [{ jobId, error }];
    }),
  );
}
