import { History } from '../history.js';
import type { LaunchPermission } from './permissions.js';

export const architectures = ['x86_64', 'arm64', 'i386'] as const;
export type Architecture = (typeof architectures)[number];
export const imageStates = ['pending', 'available', 'failed', 'disabled', 'deregistered'] as const;
export type ImageState = (typeof imageStates)[number];

/** What can change of an image. */
export interface ImageFacts {
  state: ImageState;
  /** Why it failed. */
  reason?: string | undefined;
  description: string;
  permissions: readonly LaunchPermission[];
  /** Sandbox time, ms since the epoch. */
  deprecatedAt?: number | undefined;
}

/** A volume that an instance of the image gets. */
export interface Device {
  /** `/dev/xvda` */
  name: string;
  snapshotId: string;
  /** GiB. */
  size: number;
}

export interface ImageOptions {
  id: string;
  ownerId: string;
  /** `amazon` or `aws-marketplace`. */
  ownerAlias?: string | undefined;
  region: string;
  name: string;
  architecture: Architecture;
  /** Sandbox time, ms since the epoch. */
  createdAt: number;
  devices: readonly Device[];
  rootDevice: string;
  /** What it is a copy of. */
  source?: { imageId: string; region: string } | undefined;
  /** The instance that it was made of. */
  instanceId?: string | undefined;
}

/** An AMI. */
export class Image {
  readonly facts: History<ImageFacts>;

  /** @param since ms of sandbox time from which on it is there */
  constructor(
    readonly options: ImageOptions,
    facts: ImageFacts,
    since = options.createdAt,
  ) {
    this.facts = new History(since, facts);
  }

  get id(): string {
    return this.options.id;
  }

  get state(): ImageState {
    return this.facts.latest.state;
  }

  get isDeregistered(): boolean {
    return this.state === 'deregistered';
  }

  change(time: number, change: Partial<ImageFacts>): void {
    this.facts.change(time, { ...this.facts.latest, ...change });
  }

  /** Its tags as its owner sees them are kept under this. */
  get tagged() {
    const { ownerId, region, id } = this.options;
    return { accountId: ownerId, region, resourceId: id };
  }
}
