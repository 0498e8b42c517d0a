import { AwsError } from '../../core/aws-error.js';
import type { Directory } from '../../fleet/directory.js';
import type { Ec2Call } from '../call.js';
import { requireId } from '../ids.js';
import type { Image, ImageFacts } from './image.js';
import type { Images } from './images.js';
import { isPublic, isSharedWith } from './permissions.js';

export interface Sight {
  images: Images;
  directory: Directory;
  /** For how long a deregistered image is known by its id, in ms. */
  forgetMs: number;
}

/** Whether an account sees an image that is in this state: its own, a public one, one that is shared with it. */
export function maySee(
  image: Image,
  facts: ImageFacts,
  accountId: string,
  directory: Directory,
): boolean {
  return (
    image.options.ownerId === accountId ||
    isPublic(facts.permissions) ||
    isSharedWith(facts.permissions, accountId, directory)
  );
}

/** Whether a deregistered image's id still means something. */
export function isRemembered(image: Image, now: number, { forgetMs }: Sight): boolean {
  return image.isDeregistered && now - image.facts.changedAt < forgetMs;
}

/**
 * An image of the call's region (or another) that the account may use. One that was just made may not be known yet
 * (Developer Guide, "Eventual consistency": "its ID might not have propagated throughout the system").
 */
export function requireImage(sight: Sight, call: Ec2Call, id: string, region = call.region): Image {
  requireId(id, 'ami');
  const image = sight.images.find(id);
  const isKnown = image?.options.region === region && image.facts.at(call.seenAt) !== undefined;
  if (!image || !isKnown || !maySee(image, image.facts.latest, call.accountId, sight.directory))
    throw imageNotFound([id]);
  if (!image.isDeregistered) return image;
  throw isRemembered(image, call.now, sight) ? unavailable(id) : imageNotFound([id]);
}

/** An image of the account itself. */
export function requireOwnImage(sight: Sight, call: Ec2Call, id: string): Image {
  const image = requireImage(sight, call, id);
  if (image.options.ownerId === call.accountId) return image;
  throw new AwsError('AuthFailure', `Not authorized for image:${id}`, 403);
}

/** InvalidAMIID.Unavailable is also for one "not in a state from which you can … specify attributes" (error codes). */
export function requireState(image: Image, ...states: ImageFacts['state'][]): void {
  if (states.includes(image.state)) return;
  throw new AwsError(
    'InvalidAMIID.Unavailable',
    `The image ID '${image.id}' is not available: its state is ${image.state}`,
  );
}

export function imageNotFound(ids: readonly string[]): AwsError {
  const what = ids.length === 1 ? 'image id' : 'image ids';
  const verb = ids.length === 1 ? 'does' : 'do';
  return new AwsError(
    'InvalidAMIID.NotFound',
    `The ${what} '[${ids.join(', ')}]' ${verb} not exist`,
  );
}

function unavailable(id: string): AwsError {
  return new AwsError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
}
