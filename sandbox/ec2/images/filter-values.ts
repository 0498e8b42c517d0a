import { tagValues } from '../filters.js';
import type { TagMap } from '../tags/store.js';
import type { Image, ImageFacts } from './image.js';
import { isoOf } from './image-xml.js';
import { isPublic } from './permissions.js';

/** An image as one account sees it. */
export interface SeenImage {
  image: Image;
  facts: ImageFacts;
  /** The account's own. */
  tags: TagMap;
}

type Values = readonly string[];
const optional = (value: string | undefined): Values => (value === undefined ? [] : [value]);

const values: ReadonlyMap<string, (seen: SeenImage) => Values> = new Map<
  string,
  (seen: SeenImage) => Values
>([
  ['architecture', ({ image }) => [image.options.architecture]],
  [
    'block-device-mapping.snapshot-id',
    ({ image }) => image.options.devices.map(({ snapshotId }) => snapshotId),
  ],
  [
    'block-device-mapping.device-name',
    ({ image }) => image.options.devices.map(({ name }) => name),
  ],
  ['creation-date', ({ image }) => [isoOf(image.options.createdAt)]],
  ['description', ({ facts }) => [facts.description]],
  ['image-id', ({ image }) => [image.id]],
  ['image-type', () => ['machine']],
  ['is-public', ({ facts }) => [String(isPublic(facts.permissions))]],
  ['name', ({ image }) => [image.options.name]],
  ['owner-alias', ({ image }) => optional(image.options.ownerAlias)],
  ['owner-id', ({ image }) => [image.options.ownerId]],
  ['root-device-name', ({ image }) => [image.options.rootDevice]],
  ['root-device-type', () => ['ebs']],
  ['source-image-id', ({ image }) => optional(image.options.source?.imageId)],
  ['source-image-region', ({ image }) => optional(image.options.source?.region)],
  ['source-instance-id', ({ image }) => optional(image.options.instanceId)],
  ['state', ({ facts }) => [facts.state]],
  ['state-reason-message', ({ facts }) => optional(facts.reason)],
  ['virtualization-type', () => ['hvm']],
]);

export function isImageFilter(name: string): boolean {
  return values.has(name) || name === 'tag-key' || name.startsWith('tag:');
}

export function imageValues(seen: SeenImage, filter: string): Values | undefined {
  return values.get(filter)?.(seen) ?? tagValues(seen.tags, filter);
}
