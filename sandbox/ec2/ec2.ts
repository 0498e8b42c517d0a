import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import type { Directory } from '../fleet/directory.js';
import type { Ec2Action } from './call.js';
import { ClientTokens } from './client-tokens.js';
import { Ids } from './ids.js';
import { describeImageAttribute, modifyImageAttribute } from './images/attributes.js';
import { CopyFailures } from './images/copy-failures.js';
import { copyImage } from './images/copy.js';
import { createImage, registerImage } from './images/create.js';
import { describeImages } from './images/describe.js';
import { Images } from './images/images.js';
import type { Image } from './images/image.js';
import {
  deregisterImage,
  disableDeprecation,
  disableImage,
  enableDeprecation,
  enableImage,
} from './images/lifecycle.js';
import { everyone } from './images/permissions.js';
import { aliases, type PlacedImage } from './images/seed.js';
import type { Ec2Parts } from './parts.js';
import { describeRegions } from './regions.js';
import { Ec2Service } from './service.js';
import type { Ec2Settings } from './settings.js';
import { deleteSnapshot, describeSnapshots } from './snapshots/actions.js';
import { modifySnapshotAttribute } from './snapshots/permissions.js';
import { Snapshots } from './snapshots/snapshots.js';
import { createTags, deleteTags } from './tags/actions.js';
import { describeTags } from './tags/describe.js';
import { Tags } from './tags/store.js';

export interface Ec2Options {
  clock: Clock;
  timeline: Timeline;
  directory: Directory;
  settings: Ec2Settings;
  /** Of the ids that are made up. */
  seed: number;
}

const day = 86_400_000;

/** The sandbox's EC2: regions, images, their snapshots and tags. No instances. */
export class Ec2 {
  readonly images: Images;
  readonly snapshots = new Snapshots();
  readonly tags = new Tags();
  /** What goes wrong with copies. */
  readonly copyFailures: CopyFailures;
  readonly service: Ec2Service;

  constructor(private readonly options: Ec2Options) {
    const { clock, timeline, directory, settings } = options;
    this.copyFailures = new CopyFailures(settings.copyFailures);
    const now = () => clock.now();
    const { snapshots, tags, copyFailures } = this;
    this.images = new Images({ now, timeline, ids: new Ids(options.seed), snapshots, tags });
    const parts: Ec2Parts = {
      images: this.images,
      directory,
      forgetMs: settings.forgetSeconds * 1000,
      settings,
      snapshots,
      tags,
      tokens: new ClientTokens(settings.tokenHours),
      copyFailures,
    };
    this.service = new Ec2Service(now, settings.consistencySeconds * 1000, actionsOf(parts));
  }

  /** Puts an image there that every list shows at once. */
  seed(placed: PlacedImage): Image {
    const now = this.options.clock.now();
    const account = this.options.directory.account(placed.account)?.id ?? placed.account;
    const { owner, ageDays, deprecatedAfterDays } = placed;
    const alias = owner !== undefined && owner in aliases ? owner : undefined;
    const isPublic = placed.public || alias !== undefined;
    const shared = owner === undefined ? [] : [{ kind: 'userId', value: account } as const];
    return this.images.create({
      id: placed.id,
      ownerId: alias === undefined ? (owner ?? account) : (aliases[alias] ?? alias),
      ownerAlias: alias,
      region: placed.region,
      name: placed.name,
      architecture: placed.architecture,
      createdAt: now - ageDays * day,
      since: 0,
      size: placed.size,
      tags: new Map(Object.entries(placed.tags)),
      facts: {
        state: placed.disabled ? 'disabled' : 'available',
        description: placed.description,
        permissions: isPublic ? [everyone] : shared,
        ...(deprecatedAfterDays === undefined
          ? {}
          : { deprecatedAt: now + deprecatedAfterDays * day }),
      },
    });
  }
}

function actionsOf(parts: Ec2Parts): ReadonlyMap<string, Ec2Action> {
  return new Map([
    ['DescribeRegions', describeRegions(parts.directory)],
    ['DescribeImages', describeImages(parts)],
    ['CopyImage', copyImage(parts)],
    ['CreateImage', createImage(parts)],
    ['RegisterImage', registerImage(parts)],
    ['DeregisterImage', deregisterImage(parts)],
    ['DescribeImageAttribute', describeImageAttribute(parts)],
    ['ModifyImageAttribute', modifyImageAttribute(parts)],
    ['EnableImageDeprecation', enableDeprecation(parts)],
    ['DisableImageDeprecation', disableDeprecation(parts)],
    ['DisableImage', disableImage(parts)],
    ['EnableImage', enableImage(parts)],
    ['DescribeSnapshots', describeSnapshots(parts)],
    ['DeleteSnapshot', deleteSnapshot(parts)],
    ['ModifySnapshotAttribute', modifySnapshotAttribute(parts)],
    ['CreateTags', createTags(parts)],
    ['DeleteTags', deleteTags(parts)],
    ['DescribeTags', describeTags(parts)],
  ]);
}
