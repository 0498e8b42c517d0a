import type { Image, Tag } from '@aws-sdk/client-ec2';
import { type ImageState, imageTags } from '../../../domain/images/tags.js';

/** An image's own id; EC2 shows none without. */
export function idOf({ ImageId = '' }: Image): string {
  return ImageId;
}

/** An image's tag; undefined where it has none of that key. */
export function tagOf({ Tags = [] }: Image, key: string): string | undefined {
  return Tags.find(({ Key }) => Key === key)?.Value;
}

export function stateTagIs(image: Image, state: ImageState): boolean {
  return tagOf(image, imageTags.state) === state;
}

export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Ids of the snapshots that an image is made of. */
export function snapshotsOf({ BlockDeviceMappings = [] }: Image): string[] {
  return BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}

const deadStates = new Set<string>(['failed', 'error', 'invalid', 'deregistered']);

/** Whether an image will never be one that can be used. */
export function isDead({ State }: Image): boolean {
  return State !== undefined && deadStates.has(State);
}

/** The oldest first, and the same order for everyone who looks. */
export function byAge(a: Image, b: Image): number {
  const [one, other] = [a, b].map((image) => `${image.CreationDate ?? ''} ${idOf(image)}`);
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

/** Why an image failed, as EC2 says it. */
export function reasonOf({ State, StateReason }: Image): string {
  const state = State ?? 'unknown';
  const reason = StateReason?.Message ?? StateReason?.Code;
  return reason === undefined ? `its state is ${state}` : `${state}: ${reason}`;
}
