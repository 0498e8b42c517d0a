import type { Build } from './build.js';
import { invalidInput } from './errors.js';
import { tokenMilliseconds } from './limits.js';

interface Use {
  parameters: string;
  build: Build;
  /** Sandbox ms. */
  usedAt: number;
}

/** Idempotency tokens of every account and region. They live five minutes, of sandbox time. */
export class Tokens {
  private readonly uses = new Map<string, Use>();

  /** The build that this token started, or undefined for a new token. Other parameters are an error. */
  find(key: string, parameters: unknown, now: number): Build | undefined {
    this.forget(now);
    const use = this.uses.get(key);
    if (!use) return undefined;
    if (use.parameters !== canonical(parameters))
      throw invalidInput(
        'Parameter mismatch: the idempotency token was used before, with other parameters',
      );
    return use.build;
  }

  remember(key: string, parameters: unknown, build: Build, now: number): void {
    this.uses.set(key, { parameters: canonical(parameters), build, usedAt: now });
  }

  private forget(now: number): void {
    // Kept in the order of their use, so the first that is young enough ends it.
    for (const [key, { usedAt }] of this.uses) {
      if (now - usedAt < tokenMilliseconds) return;
      this.uses.delete(key);
    }
  }
}

/** JSON that doesn't depend on the order in which fields were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
