import { AwsError } from '../core/aws-error.js';

interface Remembered {
  fingerprint: string;
  result: string;
  until: number;
}

/** Client tokens: the same call again has the same result, and no further effect. */
export class ClientTokens {
  private readonly remembered = new Map<string, Remembered>();

  /** @param hours for which a token is remembered, in sandbox time */
  constructor(private readonly hours: number) {}

  /**
   * @param key of the token: account, region and the token itself
   * @param fingerprint of the parameters
   * @throws AwsError IdempotentParameterMismatch when the token came with other parameters
   */
  once(
    { key, fingerprint, now }: { key: string; fingerprint: string; now: number },
    run: () => string,
  ): { result: string; isRepeat: boolean } {
    const known = this.remembered.get(key);
    if (known && now < known.until) {
      if (known.fingerprint === fingerprint) return { result: known.result, isRepeat: true };
      throw new AwsError(
        'IdempotentParameterMismatch',
        'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      );
    }
    const result = run();
    this.remembered.set(key, { fingerprint, result, until: now + this.hours * 3_600_000 });
    return { result, isRepeat: false };
  }
}
