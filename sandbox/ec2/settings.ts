import { z } from 'zod';
import { copyFailureSchema } from './images/copy-failures.js';

const seconds = z.number().min(0);

/** How the sandbox's EC2 behaves where no figure is documented. All seconds are sandbox time. */
export const ec2SettingsSchema = z.strictObject({
  /** How old what it shows is: a new image, a new tag, a change of state is seen so much later. */
  consistencySeconds: seconds.default(3),
  /** How long CopyImage takes. */
  copySeconds: seconds.default(60),
  /** How long CreateImage takes. */
  createSeconds: seconds.default(60),
  /** Copies that may go on at once into a region, for each account. */
  concurrentCopies: z.number().int().positive().default(100),
  /** For how long an image that is deregistered is known by its id. */
  forgetSeconds: seconds.default(3600),
  /** For how long a client token is remembered. */
  tokenHours: z.number().positive().default(24),
  /** Whether a copy may have the name of another image of its account and region. */
  copyNames: z.enum(['any', 'unique']).default('any'),
  copyFailures: z.array(copyFailureSchema).default([]),
});
export type Ec2Settings = z.infer<typeof ec2SettingsSchema>;
