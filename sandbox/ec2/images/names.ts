import { AwsError } from '../../core/aws-error.js';
import { required, type Ec2Call } from '../call.js';
import type { Images } from './images.js';

/** The name that the call gives an image, checked. */
export function requireName(call: Ec2Call): string {
  const name = required(call, 'Name');
  if (/^[\w ()[\]./'@-]{3,128}$/.test(name)) return name;
  throw new AwsError(
    'InvalidAMIName.Malformed',
    `AMI names must be between 3 and 128 characters long, and may contain letters, numbers, spaces and ( ) [ ] . / - ' @ _: '${name.slice(0, 140)}'`,
  );
}

/** Names are unique in an account and region, for as long as the image is registered. */
export function requireUnused(images: Images, call: Ec2Call, name: string): void {
  const known = images.named(call.accountId, call.region, name);
  if (known)
    throw new AwsError(
      'InvalidAMIName.Duplicate',
      `AMI name ${name} is already in use by AMI ${known.id}`,
    );
}
