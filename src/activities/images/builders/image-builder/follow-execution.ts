import { setTimeout as delay } from 'node:timers/promises';
import type { Image, ImagebuilderClient } from '@aws-sdk/client-imagebuilder';
import { NightshiftError } from '../../../../domain/errors.js';
import type { ImagesByRegion } from '../../../../domain/images/manifest.js';
import type { BuilderOutcome } from '../../../../domain/images/outcome.js';
import type { Target } from '../../../../domain/target.js';
import type { Ec2Region } from '../../ec2/region.js';
import { cancelExecution, getExecution, isMoving, logLink } from './execution.js';
import { removeLeftovers } from './leftovers.js';

/** How long Image Builder may deny that there is an image that it has begun, in milliseconds. */
const unknownFor = 120_000;

export interface EndedOptions {
  client: ImagebuilderClient;
  ec2: (region: string) => Promise<Ec2Region>;
  target: Target;
  arn: string;
  /** Milliseconds between two looks. */
  interval: number;
  signal: AbortSignal;
}

export interface FollowOptions extends EndedOptions {
  /** Of the image that is wanted: one that has another is never touched. */
  key: string;
  /** As it is configured, for messages. */
  timeout: string;
  /** When it has taken too long, in milliseconds since the epoch. */
  until: number;
}

/** Follows an execution to its end. One that fails leaves nothing behind. */
export async function followExecution(options: FollowOptions): Promise<BuilderOutcome> {
  const { client, arn, timeout, until, signal } = options;
  const image = await ended(options, until);
  if (image && !isMoving(image.state?.status)) return await outcomeOf(options, image);
  await cancelExecution(client, arn, signal);
  const late = await ended(options, Date.now() + unknownFor);
  // It was done when it was to be cancelled.
  if (late?.state?.status === 'AVAILABLE') return await outcomeOf(options, late);
  return await failed(options, `${arn} took longer than ${timeout}, and was cancelled`);
}

/** The image once it has ended, or as it is when the time is over; undefined where there is none by then. */
export async function ended(
  { client, arn, interval, signal }: EndedOptions,
  until: number,
): Promise<Image | undefined> {
  const began = Date.now();
  for (;;) {
    const image = await getExecution(client, arn, signal);
    if (image && !isMoving(image.state?.status)) return image;
    if (!image && Date.now() - began > unknownFor)
      throw new NightshiftError('NotFound', `Image Builder knows of no image ${arn}`);
    if (Date.now() >= until) return image;
    await delay(interval, undefined, { signal });
  }
}

async function outcomeOf(options: FollowOptions, image: Image): Promise<BuilderOutcome> {
  const { arn } = options;
  const { status, reason } = image.state ?? {};
  if (status !== 'AVAILABLE')
    return await failed(
      options,
      `${arn} is ${status ?? 'nothing'}: ${reason ?? 'no reason given'}`,
      image,
    );
  const images = imagesOf(image, options.target);
  return Object.keys(images).length > 0
    ? { images, ...linkOf(arn) }
    : await failed(
        options,
        `${arn} is AVAILABLE, but has no image in account ${options.target.account.id}`,
        image,
      );
}

async function failed(
  options: FollowOptions,
  reason: string,
  image?: Image,
): Promise<BuilderOutcome> {
  const trouble = await removeLeftovers(options, regionsOf(options.target, image));
  return {
    failed: trouble === undefined ? reason : `${reason}; ${trouble}`,
    ...linkOf(options.arn),
  };
}

/** What it has made in the account itself: it may have made images in others, too. */
function imagesOf({ outputResources }: Image, { account }: Target): ImagesByRegion {
  const images: ImagesByRegion = {};
  for (const { region, image, accountId } of outputResources?.amis ?? [])
    if (region !== undefined && image !== undefined && (accountId ?? account.id) === account.id)
      images[region] = image;
  return images;
}

/** Where it may have left something: the pipeline's own region, and those that it distributes to. */
export function regionsOf({ region }: Target, image: Image | undefined): string[] {
  const { distributions = [] } = image?.distributionConfiguration ?? {};
  return [...new Set([region, ...distributions.flatMap((each) => each.region ?? [])])];
}

function linkOf(arn: string): { link?: string } {
  const link = logLink(arn);
  return link === undefined ? {} : { link };
}
