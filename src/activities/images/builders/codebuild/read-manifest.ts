import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { S3Client } from '@aws-sdk/client-s3';
import type { BuildPlace } from '../../../../domain/builds/spec.js';
import { NightshiftError } from '../../../../domain/errors.js';
import {
  type ImagesByRegion,
  manifestMarker,
  parseManifest,
} from '../../../../domain/images/manifest.js';
import type { CodebuildBuilder } from '../../../../domain/images/spec.js';
import { manifestInArtifact } from './manifest-in-artifact.js';
import { manifestInLog } from './manifest-in-log.js';

export interface ManifestRequest {
  place: BuildPlace;
  buildId: string;
  builder: CodebuildBuilder;
}

export interface ReadManifestOptions extends ManifestRequest {
  codebuild: CodeBuildClient;
  logs: CloudWatchLogsClient;
  s3: S3Client;
  signal: AbortSignal;
}

/**
 * The images that a build has made, by Packer's manifest in its artifact or in its log.
 *
 * @throws NightshiftError `ImageFailed` where there is none, or none that can be used.
 */
export async function readManifest(options: ReadManifestOptions): Promise<ImagesByRegion> {
  const { buildId, builder } = options;
  const text =
    builder.manifest === undefined
      ? await manifestInLog(options)
      : await manifestInArtifact({ ...options, path: builder.manifest });
  if (text === undefined)
    throw new NightshiftError(
      'ImageFailed',
      `build ${buildId} has printed no manifest: there is no line ${manifestMarker} {…} in its log`,
      {
        hint: `print Packer’s manifest as one line after the build: echo "${manifestMarker} $(jq -c . manifest.json)"`,
      },
    );
  try {
    return parseManifest(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NightshiftError('ImageFailed', `build ${buildId}: ${error.message}`, {
      hint: 'have Packer’s post-processor "manifest" write it, and hand it on as it is',
      cause: error,
    });
  }
}
