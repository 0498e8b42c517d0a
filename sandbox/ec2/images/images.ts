import type { Timeline } from '../../core/timeline.js';
import type { Ids } from '../ids.js';
import type { Snapshots } from '../snapshots/snapshots.js';
import type { TagMap, Tags } from '../tags/store.js';
import { Image, type Architecture, type ImageFacts, type ImageOptions } from './image.js';

/** An image that something other than EC2's API makes: a build, a test. */
export interface MadeImage {
  /** 12-digit id. */
  account: string;
  region: string;
  name: string;
  description?: string;
  tags?: Readonly<Record<string, string>>;
  /** Of its snapshots; none unless given. */
  snapshotTags?: Readonly<Record<string, string>>;
  /** What it is a copy of. */
  source?: { imageId: string; region: string };
  /** Sandbox ms; now unless given. */
  createdAt?: number;
  /** `x86_64` unless given. */
  architecture?: Architecture;
  /** What it is at first: `pending` with `availableAfter`, else `available`. */
  state?: 'pending' | 'available' | 'failed';
  /** Sandbox seconds until it is available. */
  availableAfter?: number;
}

export interface NewImage extends Omit<ImageOptions, 'id' | 'devices' | 'rootDevice'> {
  /** Made up when not given. */
  id?: string | undefined;
  /** Snapshots that are there already; a new one is made when not given. */
  from?: Pick<ImageOptions, 'devices' | 'rootDevice'>;
  facts: Partial<ImageFacts> & Pick<ImageFacts, 'state'>;
  tags: TagMap;
  snapshotTags?: TagMap;
  /** GiB of the snapshot that is made; 8 unless given. */
  size?: number;
  /** From when on it is there; when it is created unless given. */
  since?: number;
}

interface Surroundings {
  now: () => number;
  timeline: Timeline;
  ids: Ids;
  snapshots: Snapshots;
  tags: Tags;
}

/** The images of every account and region, deregistered ones included. */
export class Images {
  private readonly byId = new Map<string, Image>();

  constructor(private readonly around: Surroundings) {}

  /** Puts an image there as a build would: it is seen once EC2 is consistent again. */
  makeImage(made: MadeImage): Image {
    const { createdAt = this.around.now() } = made;
    const state = made.state ?? (made.availableAfter === undefined ? 'available' : 'pending');
    const image = this.create({
      ownerId: made.account,
      region: made.region,
      name: made.name,
      architecture: made.architecture ?? 'x86_64',
      createdAt,
      facts: { state, description: made.description ?? '' },
      tags: new Map(Object.entries(made.tags ?? {})),
      snapshotTags: new Map(Object.entries(made.snapshotTags ?? {})),
      source: made.source,
    });
    if (made.availableAfter !== undefined)
      this.finishAt(image, createdAt + made.availableAfter * 1000, { state: 'available' });
    return image;
  }

  /** Creates an image and, unless it is `from` others, its snapshot. */
  create({ from, facts, tags, snapshotTags, size = 8, since, ...options }: NewImage): Image {
    const id = options.id ?? this.around.ids.next('ami');
    const made = from ?? this.makeDevices(id, { ...options, size, since, state: facts.state });
    const start = since ?? options.createdAt;
    const image = new Image(
      { ...options, id, ...made },
      { description: '', permissions: [], ...facts },
      start,
    );
    this.byId.set(id, image);
    if (tags.size > 0) this.around.tags.set(image.tagged, start, tags);
    if (snapshotTags && snapshotTags.size > 0)
      for (const { snapshotId } of image.options.devices)
        this.around.tags.set({ ...image.tagged, resourceId: snapshotId }, start, snapshotTags);
    return image;
  }

  all(): Iterable<Image> {
    return this.byId.values();
  }

  find(id: string): Image | undefined {
    return this.byId.get(id);
  }

  /** The image of this name that an account has registered in a region. */
  named(ownerId: string, region: string, name: string): Image | undefined {
    return [...this.byId.values()].find(
      ({ options, isDeregistered }) =>
        !isDeregistered &&
        options.ownerId === ownerId &&
        options.region === region &&
        options.name === name,
    );
  }

  /** Images that use a snapshot. */
  using(snapshotId: string): Image[] {
    return [...this.byId.values()].filter(
      ({ options, isDeregistered }) =>
        !isDeregistered && options.devices.some((device) => device.snapshotId === snapshotId),
    );
  }

  /** Lets a pending image come to its end then, unless it has by other ways. */
  finishAt(image: Image, time: number, end: FinalState): void {
    this.around.timeline.at(time, (now) => {
      if (image.state === 'pending') this.finish(image, now, end);
    });
  }

  /** Ends an image's creation, and that of its snapshots. */
  finish(image: Image, now: number, end: FinalState): void {
    image.change(now, end);
    for (const { snapshotId } of image.options.devices) {
      const snapshot = this.around.snapshots.find(snapshotId);
      if (snapshot?.states.latest === 'pending')
        snapshot.states.change(now, end.state === 'available' ? 'completed' : 'error');
    }
  }

  private makeDevices(
    imageId: string,
    {
      size,
      since,
      state,
      ...options
    }: Omit<ImageOptions, 'id' | 'devices' | 'rootDevice'> & {
      size: number;
      since: number | undefined;
      state: string;
    },
  ): Pick<ImageOptions, 'devices' | 'rootDevice'> {
    const rootDevice = '/dev/xvda';
    const snapshot = this.around.snapshots.add({
      id: this.around.ids.next('snap'),
      ownerId: options.ownerId,
      region: options.region,
      description: options.source
        ? `Copied for DestinationAmi ${imageId} from SourceAmi ${options.source.imageId}`
        : `Created for ${imageId}`,
      size,
      volumeId: options.source ? 'vol-ffffffff' : this.around.ids.next('vol'),
      startedAt: options.createdAt,
      state: state === 'pending' ? 'pending' : state === 'failed' ? 'error' : 'completed',
      ...(since === undefined ? {} : { since }),
    });
    return { rootDevice, devices: [{ name: rootDevice, snapshotId: snapshot.id, size }] };
  }
}

/** How an image's creation ends. */
export interface FinalState {
  state: 'available' | 'failed';
  reason?: string;
}
