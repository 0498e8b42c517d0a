import { manifestMarker } from '../../src/domain/images/manifest.js';

/** One build of a run of Packer. */
export interface PackerBuild {
  /** Of the source block: `image` of `source "amazon-ebs" "image"`. */
  name: string;
  /** Sandbox ms. */
  builtAt: number;
  /** Ids of the images, by region. */
  images: Readonly<Record<string, string>>;
}

/**
 * What Packer's manifest post-processor writes of a run, on one line.
 *
 * @see https://developer.hashicorp.com/packer/docs/post-processors/manifest
 */
export function manifestText(run: string, builds: readonly PackerBuild[]): string {
  return JSON.stringify({
    builds: builds.map(({ name, builtAt, images }) => ({
      name,
      builder_type: 'amazon-ebs',
      build_time: Math.floor(builtAt / 1000),
      files: null,
      artifact_id: Object.entries(images)
        .map(([region, id]) => `${region}:${id}`)
        .join(','),
      packer_run_uuid: run,
    })),
    last_run_uuid: run,
  });
}

/** The line by which a log tells of a manifest. */
export function manifestLine(manifest: string): string {
  return `${manifestMarker} ${manifest}`;
}
