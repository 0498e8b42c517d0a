import { z } from 'zod';
import { matchesPattern } from '../wildcard.js';

/** Copies that don't come out. What isn't given matches every copy. */
export const copyFailureSchema = z.strictObject({
  /** Id of the account that copies. */
  account: z.string().optional(),
  /** Where the copy goes. */
  region: z.string().optional(),
  /** Name of the copy; `*` and `?` stand for anything. */
  name: z.string().optional(),
  /** It is refused, fails when its time is over, or stays pending for ever. */
  kind: z.enum(['refused', 'failed', 'stuck']).default('failed'),
  /** Why, in the refusal or in the image's state reason. */
  reason: z.string().default('Image copy failed: internal error'),
  /** How many copies; every one when not given. */
  times: z.number().int().positive().optional(),
});
export type CopyFailure = z.infer<typeof copyFailureSchema>;
export type CopyFailureInput = z.input<typeof copyFailureSchema>;

interface Copy {
  accountId: string;
  region: string;
  name: string;
}

/** Decides which copies go wrong. */
export class CopyFailures {
  private readonly rules: { failure: CopyFailure; left: number }[] = [];

  constructor(failures: readonly CopyFailure[]) {
    for (const failure of failures) this.add(failure);
  }

  add(failure: CopyFailure): void {
    this.rules.push({ failure, left: failure.times ?? Infinity });
  }

  clear(): void {
    this.rules.length = 0;
  }

  /** What goes wrong with this copy, counted as one time of it. */
  strike(copy: Copy): CopyFailure | undefined {
    const rule = this.rules.find(({ failure, left }) => left > 0 && concerns(failure, copy));
    if (rule) rule.left -= 1;
    return rule?.failure;
  }
}

function concerns({ account, region, name }: CopyFailure, copy: Copy): boolean {
  return (
    (account ?? copy.accountId) === copy.accountId &&
    (region ?? copy.region) === copy.region &&
    (name === undefined || matchesPattern(name, copy.name))
  );
}
