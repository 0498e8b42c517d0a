import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error.js';

/** Makes ids up, the same each time for the same seed, and in no order. */
export class Ids {
  private count = 0;

  constructor(private readonly seed: number) {}

  /** `ami-0…`, `snap-0…`: 17 hexadecimal digits, as EC2's are. */
  next(prefix: 'ami' | 'snap' | 'vol'): string {
    const text = `${this.seed}/${this.count++}`;
    return `${prefix}-0${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  }
}

/** @throws AwsError when it is no id of this kind at all */
export function requireId(id: string, prefix: 'ami' | 'snap'): void {
  if (new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id)) return;
  if (prefix === 'ami')
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  throw new AwsError(
    'InvalidParameterValue',
    `Value (${id}) for parameter snapshotId is invalid. Expected: 'snap-...'.`,
  );
}
