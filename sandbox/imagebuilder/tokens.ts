import { AwsError } from '../core/aws-error.js';

const hours = 24;

/** Client tokens of Image Builder: the same call again gives the same image. */
export class BuilderTokens {
  private readonly remembered = new Map<string, { about: string; arn: string; until: number }>();

  /** The image that this token has made; undefined for a new one. */
  find(key: string, about: string, now: number): string | undefined {
    const known = this.remembered.get(key);
    if (!known || now >= known.until) return undefined;
    if (known.about === about) return known.arn;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The client token was used before with other parameters.',
    );
  }

  remember(key: string, about: string, arn: string, now: number): void {
    this.remembered.set(key, { about, arn, until: now + hours * 3_600_000 });
  }
}
