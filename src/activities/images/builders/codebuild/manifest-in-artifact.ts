import { BatchGetBuildsCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { awsErrorCode } from '../../../../aws/errors.js';
import { NightshiftError } from '../../../../domain/errors.js';

/** Bytes of a manifest at most. */
const most = 1_000_000;

export interface ArtifactOptions {
  codebuild: CodeBuildClient;
  s3: S3Client;
  buildId: string;
  /** Of the manifest within the artifact. */
  path: string;
  signal: AbortSignal;
}

/** The manifest in what a build has put into S3, where its project packs nothing. */
export async function manifestInArtifact(options: ArtifactOptions): Promise<string> {
  const { s3, buildId, path, signal } = options;
  const artifact = await artifactOf(options);
  const Key = [artifact.key, path].filter((part) => part !== '').join('/');
  const text = await objectText(s3, { Bucket: artifact.bucket, Key }, signal);
  if (text !== undefined) return text;
  const isPacked = artifact.key !== '' && (await isThere(s3, artifact, signal));
  const there = `s3://${artifact.bucket}/${artifact.key}`;
  if (isPacked)
    throw new NightshiftError(
      'ImageFailed',
      `build ${buildId}: its artifact ${there} is one packed file, in which ${path} is not looked for`,
      {
        hint: 'set the packaging of the project’s artifacts to NONE, or print the manifest to the log',
      },
    );
  throw new NightshiftError(
    'ImageFailed',
    `build ${buildId} has no ${path} in its artifact ${there}`,
    { hint: 'name the manifest under `artifacts: files:` of the buildspec' },
  );
}

interface Artifact {
  bucket: string;
  key: string;
}

/** Where the artifact is: `arn:aws:s3:::bucket/path/name`, or `bucket/path/name` as some versions of the API say. */
async function artifactOf({ codebuild, buildId, signal }: ArtifactOptions): Promise<Artifact> {
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [buildId] }), {
    abortSignal: signal,
  });
  const location = builds?.[0]?.artifacts?.location ?? '';
  const [bucket = '', ...key] = location.replace(/^arn:[\w-]+:s3:::/, '').split('/');
  if (bucket === '')
    throw new NightshiftError('ImageFailed', `build ${buildId} has no artifact in S3`, {
      hint: 'let the project put its artifacts into a bucket, or leave builder.codebuild.manifest out and print the manifest to the log',
    });
  return { bucket, key: key.filter((part) => part !== '').join('/') };
}

async function objectText(
  s3: S3Client,
  object: { Bucket: string; Key: string },
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { Body: body, ContentLength: size = 0 } = await s3.send(new GetObjectCommand(object), {
      abortSignal,
    });
    if (size <= most) return (await body?.transformToString('utf8')) ?? '';
    throw new NightshiftError(
      'ImageFailed',
      `s3://${object.Bucket}/${object.Key} has ${size} bytes: a manifest has ${most} at most`,
    );
  } catch (error) {
    // Without leave to list the bucket, what is missing is "denied".
    if (awsErrorCode(error) === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Whether the artifact itself is an object: it is a folder where nothing is packed. */
async function isThere(
  s3: S3Client,
  { bucket, key }: Artifact,
  abortSignal: AbortSignal,
): Promise<boolean> {
  try {
    // One byte of it: what may be read is read with the same leave as the manifest.
    const object = new GetObjectCommand({ Bucket: bucket, Key: key, Range: 'bytes=0-0' });
    const { Body: body } = await s3.send(object, { abortSignal });
    await body?.transformToByteArray();
    return true;
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchKey') return false;
    throw error;
  }
}
