import type { EC2Client } from '@aws-sdk/client-ec2';

/** The EC2 of one account and region, and how to ask it. */
export interface Ec2Region {
  ec2: EC2Client;
  region: string;
  /** Milliseconds between two looks at the same thing. */
  every: number;
  signal: AbortSignal;
}
