import { Context } from '@temporalio/activity';
import type { AwsConnections } from '../../../aws/connections.js';
import type { BuildPlace } from '../../../domain/builds/spec.js';
import { parseDuration } from '../../../domain/duration.js';
import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import type { BaseImage, ImageSpec, LineSpec } from '../../../domain/images/spec.js';
import { lineKey } from '../../../domain/images/cell.js';
import { perform } from '../../failure.js';
import { CopyProgress } from './copy-progress.js';
import type { FoundImage } from './find-image.js';
import type { ListedImage } from './list-images.js';
import type { Ec2Region } from './region.js';
import { resolveBaseImage } from './resolve-base-image.js';

export interface Ec2Dependencies {
  aws: AwsConnections;
  /** Aborted when the worker is told to stop: what it waits for is another worker's then. */
  stopping: AbortSignal;
}

/** One image, in one of the regions of its line. */
export interface OneImage {
  place: BuildPlace;
  region: string;
  imageId: string;
}

export interface CopyRequest {
  spec: ImageSpec;
  /** Where the copy goes. */
  region: string;
  /** Of the region that is built in. */
  imageId: string;
}

/** Images of one account, each by region. */
export interface ManyImages {
  /** Its region is the one that is built in, its account the one that owns them all. */
  place: BuildPlace;
  images: ImagesByRegion[];
}

/** What is done with machine images. Each can be repeated safely, at any time and by several at once. */
export function createEc2Activities({ aws, stopping }: Ec2Dependencies) {
  const operations = () => import('./operations.js');
  const doing = <T>(what: string, work: (signal: AbortSignal) => Promise<T>) =>
    perform(what, work, { stopping });

  return {
    resolveBaseImage: ({ place, baseImage }: { place: BuildPlace; baseImage: BaseImage }) =>
      doing('the base image can’t be looked up', (signal) => {
        const { target, access, pace } = place;
        const ssm = aws.ssm(target, access, pace);
        return resolveBaseImage({ ssm, target, baseImage, signal });
      }),

    findImage: ({ spec }: { spec: ImageSpec }): Promise<FoundImage | null> =>
      doing(`image ${spec.key} can’t be looked up`, async (signal) => {
        const { findImage } = await operations();
        return await findImage(await regionOf(spec.place, signal), spec);
      }),

    /** The timeout counts from when this was first asked for, whoever goes on with it. */
    awaitImage: ({ place, region, imageId, timeout }: OneImage & { timeout: string }) =>
      doing(`image ${imageId} in ${region} can’t be waited for`, async (signal) => {
        const { awaitImage } = await operations();
        const { scheduledTimestampMs } = Context.current().info;
        const deadline = scheduledTimestampMs + parseDuration(timeout);
        await awaitImage(await regionOf(place, signal, region), { imageId, timeout, deadline });
      }),

    tagImage: ({ place, region, imageId, tags }: OneImage & { tags: Record<string, string> }) =>
      doing(`image ${imageId} in ${region} can’t be tagged`, async (signal) => {
        const { tagImage } = await operations();
        await tagImage(await regionOf(place, signal, region), imageId, tags);
      }),

    copyImage: (request: CopyRequest): Promise<string> => copyImage(request),

    shareImage: ({ place, region, imageId, accounts }: OneImage & { accounts: string[] }) =>
      doing(`image ${imageId} in ${region} can’t be shared`, async (signal) => {
        const { shareImage } = await operations();
        await shareImage(await regionOf(place, signal, region), imageId, accounts);
      }),

    deprecateImages: ({ place, images, at }: ManyImages & { at: string }) =>
      doing('images can’t be deprecated', async (signal) => {
        const { deprecateImages } = await operations();
        await deprecateImages(images, at, (region) => regionOf(place, signal, region), signal);
      }),

    listImages: ({ spec }: { spec: LineSpec }): Promise<ListedImage[]> =>
      doing(`images of ${lineKey(spec)} can’t be listed`, async (signal) => {
        const { listImages } = await operations();
        return await listImages(spec, (region) => regionOf(spec.place, signal, region));
      }),

    removeImages: ({ place, images }: ManyImages) =>
      doing('images can’t be removed', async (signal) => {
        const { removeImages } = await operations();
        const home = place.target.region;
        await removeImages(images, home, (region) => regionOf(place, signal, region), signal);
      }),
  };

  async function copyImage({ spec, region, imageId }: CopyRequest): Promise<string> {
    const { ImageCopier } = await operations();
    const progress = new CopyProgress();
    const copy = async (signal: AbortSignal) => {
      const home = await regionOf(spec.place, signal);
      const there = await regionOf(spec.place, signal, region);
      return await new ImageCopier({ spec, imageId, home, there, progress }).run();
    };
    try {
      return await perform(`image ${imageId} can’t be copied to ${region}`, copy, {
        silent: true,
        stopping,
      });
    } finally {
      progress.close();
    }
  }

  async function regionOf(
    { target, access, pace, builds }: BuildPlace,
    signal: AbortSignal,
    region = target.region,
  ): Promise<Ec2Region> {
    const ec2 = await aws.ec2({ ...target, region }, access, pace);
    return { ec2, region, every: parseDuration(builds.pollInterval), signal };
  }
}

export type Ec2Activities = ReturnType<typeof createEc2Activities>;
