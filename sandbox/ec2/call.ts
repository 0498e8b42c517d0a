import { AwsError } from '../core/aws-error.js';
import type { Xml } from '../core/xml.js';

/** One call of EC2: a form in, XML out. */
export interface Ec2Call {
  accountId: string;
  region: string;
  parameters: URLSearchParams;
  /** Sandbox time of the call, ms since the epoch. */
  now: number;
  /** The moment whose state EC2 shows: it is eventually consistent, so that lies before `now`. */
  seenAt: number;
}

export interface Ec2Result {
  /** What stands beside `<requestId>`. */
  xml: Xml;
  subject?: string;
  effective?: boolean;
}

export type Ec2Action = (call: Ec2Call) => Ec2Result;

/** EC2 writes lists as `Name.1`, `Name.2`. */
export function numbered({ parameters }: Pick<Ec2Call, 'parameters'>, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index++) {
    const value = parameters.get(`${name}.${index}`);
    if (value === null) return values;
    values.push(value);
  }
}

/** The members of a list of structures, by what they begin with: `Tag.1`, `Tag.2` for `Tag`. */
export function members({ parameters }: Pick<Ec2Call, 'parameters'>, name: string): string[] {
  const found: string[] = [];
  for (let index = 1; ; index++) {
    const prefix = `${name}.${index}`;
    const isThere = [...parameters.keys()].some((key) => key.startsWith(`${prefix}.`));
    if (!isThere) return found;
    found.push(prefix);
  }
}

export function required({ parameters }: Pick<Ec2Call, 'parameters'>, name: string): string {
  const value = parameters.get(name);
  if (value !== null && value !== '') return value;
  throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
}

export function isTrue({ parameters }: Pick<Ec2Call, 'parameters'>, name: string): boolean {
  return parameters.get(name) === 'true';
}

export function invalidValue(value: string, parameter: string, why: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${parameter} is invalid. ${why}`,
  );
}
