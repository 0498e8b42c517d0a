import { createHash } from 'node:crypto';
import type { Build } from '../build.js';
import type { PhaseOutcome } from '../phases.js';
import { succeeded } from '../phases.js';
import type { Project } from '../project.js';
import { zipOf } from './zip.js';

/** Files by path. */
export type Files = ReadonlyMap<string, string>;

/** Puts an object into S3; false when there is no such bucket. */
export type ObjectWriter = (bucket: string, key: string, content: Buffer, time: number) => boolean;

/** `path/<uuid>/name`, without slashes at its ends: a folder, or with packaging ZIP an object. */
function keyOf({ project, uuid }: Build): string {
  const { artifacts } = project.spec;
  if (!artifacts) return '';
  const { path, namespace, name = project.name } = artifacts;
  return [path, namespace === 'BUILD_ID' ? uuid : '', name]
    .join('/')
    .replaceAll(/\/+/g, '/')
    .replaceAll(/^\/|\/$/g, '');
}

/** Uploads what a build has to leave, as its UPLOAD_ARTIFACTS phase. */
export function upload(build: Build, files: Files, put: ObjectWriter, time: number): PhaseOutcome {
  const { artifacts } = build.project.spec;
  if (!artifacts || files.size === 0) return succeeded;
  const key = keyOf(build);
  const objects =
    artifacts.packaging === 'ZIP'
      ? [{ key, content: zipOf(files, time) }]
      : [...files].map(([path, text]) => ({
          key: key === '' ? path : `${key}/${path}`,
          content: Buffer.from(text),
        }));
  for (const object of objects)
    if (!put(artifacts.bucket, object.key, object.content, time)) return noBucket;
  const [first] = objects;
  if (artifacts.packaging === 'ZIP' && first) build.artifactSums = sumsOf(first.content);
  return succeeded;
}

const noBucket: PhaseOutcome = {
  status: 'FAILED',
  context: {
    statusCode: 'CLIENT_ERROR',
    message: 'Error in UPLOAD_ARTIFACTS phase: NoSuchBucket: The specified bucket does not exist',
  },
};

function sumsOf(content: Buffer): { md5sum: string; sha256sum: string } {
  const hex = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
  return { md5sum: hex('md5'), sha256sum: hex('sha256') };
}

/** BatchGetBuilds' `artifacts` (API, BuildArtifacts). */
export function showBuildArtifacts(build: Build): unknown {
  const { artifacts } = build.project.spec;
  if (!artifacts) return { location: '' };
  const key = keyOf(build);
  const location = `arn:aws:s3:::${artifacts.bucket}${key === '' ? '' : `/${key}`}`;
  return {
    location,
    ...build.artifactSums,
    overrideArtifactName: false,
    encryptionDisabled: false,
  };
}

/** BatchGetProjects' `artifacts` (API, ProjectArtifacts). */
export function showProjectArtifacts({ spec, name: projectName }: Project): unknown {
  if (!spec.artifacts) return { type: 'NO_ARTIFACTS' };
  const { bucket, path, namespace, name = projectName, packaging } = spec.artifacts;
  return {
    type: 'S3',
    location: bucket,
    path,
    namespaceType: namespace,
    name,
    packaging,
    overrideArtifactName: false,
    encryptionDisabled: false,
  };
}
