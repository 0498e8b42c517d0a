import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeImagesCommand,
  type Filter,
  type Image,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import { imageFailed, isUnknown } from './failures.js';
import { unknownFor } from './patience.js';
import type { Ec2Region } from './region.js';

const pageSize = 1000;
/** "The maximum number of filter values specified on a single call is 200". */
const valuesPerCall = 200;

/** A filter for exactly these values: in EC2's filters `*`, `?` and the backslash mean something else. */
export function exactly(name: string, values: readonly string[]): Filter {
  return { Name: name, Values: values.map((value) => value.replace(/[\\*?]/g, '\\$&')) };
}

/** The account's own images that pass all filters, deprecated ones among them. */
export async function* ownImages(
  { ec2, signal }: Ec2Region,
  filters: Filter[],
  { disabled = false }: { disabled?: boolean } = {},
): AsyncGenerator<Image> {
  const pages = paginateDescribeImages(
    { client: ec2, pageSize },
    { Owners: ['self'], Filters: filters, IncludeDeprecated: true, IncludeDisabled: disabled },
    { abortSignal: signal },
  );
  for await (const { Images = [] } of pages) yield* Images;
}

/** Those of the account's own images that there are, disabled ones among them. Those that are gone are no error. */
export async function* ownImagesById(
  region: Ec2Region,
  ids: readonly string[],
): AsyncGenerator<Image> {
  // ImageIds would refuse all of them for one that is gone.
  for (let at = 0; at < ids.length; at += valuesPerCall) {
    const some = exactly('image-id', ids.slice(at, at + valuesPerCall));
    yield* ownImages(region, [some], { disabled: true });
  }
}

/**
 * What EC2 says of an id. `unknown`: not yet, or no longer; `gone`: it was there, as "recently deregistered images …
 * return empty results" (API, DescribeImages).
 */
export type Sight = { kind: 'shown'; image: Image } | { kind: 'unknown' } | { kind: 'gone' };

export async function lookAt({ ec2, signal }: Ec2Region, imageId: string): Promise<Sight> {
  try {
    const command = new DescribeImagesCommand({ ImageIds: [imageId], IncludeDisabled: true });
    const { Images: [image] = [] } = await ec2.send(command, { abortSignal: signal });
    return image ? { kind: 'shown', image } : { kind: 'gone' };
  } catch (error) {
    if (isUnknown(error)) return { kind: 'unknown' };
    throw error;
  }
}

/** An image that must be there, as soon as EC2 shows it. */
export async function requireImage(region: Ec2Region, imageId: string): Promise<Image> {
  const since = Date.now();
  for (;;) {
    const sight = await lookAt(region, imageId);
    if (sight.kind === 'shown') return sight.image;
    if (Date.now() - since > unknownFor) throw notThere(region, imageId);
    await delay(region.every, undefined, { signal: region.signal });
  }
}

export function notThere({ region }: Ec2Region, imageId: string): Error {
  return imageFailed(`there is no image ${imageId} in ${region}`);
}
