import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import type { Incoming } from '../core/dispatcher.js';
import type { Ec2 } from '../ec2/ec2.js';
import { copyFailureSchema } from '../ec2/images/copy-failures.js';
import type { Image } from '../ec2/images/image.js';
import type { Snapshot } from '../ec2/snapshots/snapshot.js';
import type { Directory } from '../fleet/directory.js';
import {
  changeImageSchema,
  createImageSchema,
  type ImageSnapshotView,
  type ImageStateView,
} from './image-schema.js';

export interface ImagesDependencies {
  clock: { now(): number };
  directory: Directory;
  services: { ec2: Ec2 };
}

type Action = (request: Incoming) => unknown;

/** What the admin API does with images and their snapshots. */
export function imageActions(
  dependencies: ImagesDependencies,
  jsonOf: (body: Buffer) => unknown,
): [string, Action][] {
  const { ec2 } = dependencies.services;
  return [
    ['GET /_sandbox/images', ({ query }) => listImages(dependencies, query)],
    ['POST /_sandbox/images', ({ body }) => createImage(dependencies, jsonOf(body))],
    ['PATCH /_sandbox/images', ({ body }) => changeImage(dependencies, jsonOf(body))],
    ['GET /_sandbox/image-copies', () => copiesUnderWay(ec2).map((image) => stateOf(ec2, image))],
    [
      'POST /_sandbox/copy-failures',
      ({ body }) => ec2.copyFailures.add(copyFailureSchema.parse(jsonOf(body))),
    ],
    ['DELETE /_sandbox/copy-failures', () => ec2.copyFailures.clear()],
    ['GET /_sandbox/orphan-snapshots', () => orphans(ec2)],
  ];
}

const querySchema = z.strictObject({
  /** Id or name. */
  account: z.string().optional(),
  region: z.string().optional(),
  name: z.string().optional(),
  state: z.string().optional(),
});

function listImages(
  { directory, services }: ImagesDependencies,
  query: URLSearchParams,
): ImageStateView[] {
  const { account, ...wanted } = querySchema.parse(Object.fromEntries(query));
  const accountId = account === undefined ? undefined : (directory.account(account)?.id ?? account);
  return [...services.ec2.images.all()]
    .map((image) => stateOf(services.ec2, image))
    .filter(
      (image) =>
        (accountId ?? image.account) === image.account &&
        (wanted.region ?? image.region) === image.region &&
        (wanted.name ?? image.name) === image.name &&
        (wanted.state ?? image.state) === image.state,
    );
}

function createImage({ directory, services }: ImagesDependencies, input: unknown): ImageStateView {
  const { state, availableAfter, ...placed } = createImageSchema.parse(input);
  const { ec2 } = services;
  const account = directory.account(placed.account);
  if (!account) throw new AwsError('NoSuchAccount', `no account "${placed.account}"`, 404);
  if (!directory.hasRegion(account.id, placed.region))
    throw new AwsError('NoSuchRegion', `${account.name} has no region "${placed.region}"`, 404);
  if (placed.id !== undefined && ec2.images.find(placed.id))
    throw new AwsError('AlreadyExists', `image ${placed.id} is there already`, 409);
  const image =
    state === undefined && availableAfter === undefined
      ? ec2.seed(placed)
      : ec2.images.makeImage({
          ...placed,
          account: account.id,
          ...(state === undefined ? {} : { state }),
          ...(availableAfter === undefined ? {} : { availableAfter }),
        });
  return stateOf(ec2, image);
}

function changeImage({ clock, services }: ImagesDependencies, input: unknown): ImageStateView {
  const { id, state, reason, tags } = changeImageSchema.parse(input);
  const { ec2 } = services;
  const image = ec2.images.find(id);
  if (!image) throw new AwsError('NoSuchImage', `no image ${id}`, 404);
  const now = clock.now();
  if (tags) ec2.tags.set(image.tagged, now, new Map(Object.entries(tags)));
  const why = reason === undefined ? {} : { reason };
  if (state === 'available' || state === 'failed') ec2.images.finish(image, now, { state, ...why });
  else if (state !== undefined) image.change(now, { state, ...why });
  return stateOf(ec2, image);
}

function copiesUnderWay({ images }: Ec2): Image[] {
  return [...images.all()].filter(({ options, state }) => options.source && state === 'pending');
}

/** Snapshots that no image uses any more. */
function orphans({ images, snapshots, tags }: Ec2): ImageSnapshotView[] {
  return [...snapshots.all()]
    .filter((snapshot) => !snapshot.isDeleted && images.using(snapshot.id).length === 0)
    .map(({ options, states }: Snapshot) => ({
      id: options.id,
      account: options.ownerId,
      region: options.region,
      state: states.latest,
      description: options.description,
      tags: Object.fromEntries(
        tags.of({ accountId: options.ownerId, region: options.region, resourceId: options.id }),
      ),
    }));
}

function stateOf({ tags, snapshots }: Ec2, image: Image): ImageStateView {
  const { options } = image;
  const { state, reason, description, permissions, deprecatedAt } = image.facts.latest;
  return {
    id: image.id,
    account: options.ownerId,
    region: options.region,
    name: options.name,
    state,
    architecture: options.architecture,
    description,
    tags: Object.fromEntries(tags.of(image.tagged)),
    snapshots: options.devices.map(({ snapshotId }) => snapshotId),
    sharedWith: permissions.map(({ value }) => value),
    snapshotsSharedWith: sharedBy(
      options.devices.map(({ snapshotId }) => snapshots.find(snapshotId)?.sharedWith ?? new Set()),
    ),
    createdAt: new Date(options.createdAt).toISOString(),
    ...(reason === undefined ? {} : { reason }),
    ...(deprecatedAt === undefined ? {} : { deprecatedAt: new Date(deprecatedAt).toISOString() }),
    ...(options.source ? { source: options.source } : {}),
  };
}

/** Accounts that are in every one of the sets. */
function sharedBy([first, ...others]: readonly ReadonlySet<string>[]): string[] {
  return [...(first ?? [])].filter((account) => others.every((each) => each.has(account)));
}
