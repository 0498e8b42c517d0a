import type { Architecture } from '../ec2/images/image.js';

/** An image that Packer makes, for whoever runs it: a build, a job. */
export interface ImageOrder {
  /** Id or name of the account that owns it. */
  account: string;
  region: string;
  name: string;
  tags: Readonly<Record<string, string>>;
  /** Of its snapshots; none unless given. */
  snapshotTags?: Readonly<Record<string, string>>;
  /** `x86_64` unless given. */
  architecture?: Architecture;
  /** The image of another region that it is a copy of. */
  source?: { imageId: string; region: string };
  /** Sandbox ms at which it is made. */
  createdAt: number;
  /** Sandbox seconds until it is available; at once unless given. */
  availableAfter?: number;
}

/** Puts an image in EC2 and returns its id. */
export type ImageMaker = (order: ImageOrder) => string;
