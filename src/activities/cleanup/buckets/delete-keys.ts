import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  type DeleteObjectsCommandInput,
  type DeleteObjectsCommandOutput,
} from '@aws-sdk/client-s3';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import { awsErrorCode, awsErrorMessage, isThrottling } from '../../../aws/errors.js';
import { type BucketAccess, bucketInput } from './bucket-context.js';
import { isPassing, type KeyFailure } from './failures.js';
import type { KeyPace } from './key-pace.js';
import type { VersionName } from './pages.js';

export interface DeleteKeysRequest extends BucketAccess {
  names: readonly VersionName[];
  pace: KeyPace;
  /** Times that a key is tried. */
  attempts: number;
}

/**
 * Deletes up to 1,000 versions with one DeleteObjects, and what failed of them again while that may help. Returns the
 * keys that are left: S3 tells of them inside a 200.
 */
export async function deleteKeys(request: DeleteKeysRequest): Promise<KeyFailure[]> {
  const { pace, signal, attempts } = request;
  const final: KeyFailure[] = [];
  let left = request.names;
  for (let attempt = 1; ; attempt++) {
    await pace.take(left.length, signal);
    const failures = await tryOnce({ ...request, names: left }, attempt === attempts);
    const passing = failures.filter((failure) => isPassing(failure.code));
    final.push(...failures.filter((failure) => !isPassing(failure.code)));
    if (passing.length === 0) return final;
    if (attempt === attempts) return [...final, ...passing];
    await delay(backoff(attempt), undefined, { signal });
    left = passing.map(({ key, versionId }) => ({ key, versionId }));
  }
}

/** Milliseconds until the next try: what fails in passing is given time, and batches don't come back all at once. */
function backoff(attempt: number): number {
  return Math.min(5000, 50 * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/** One try. A call that S3 slows down counts as a failure of all its keys; the last such is thrown. */
async function tryOnce(request: DeleteKeysRequest, isLast: boolean): Promise<KeyFailure[]> {
  const { names, pace } = request;
  try {
    const failures = [
      ...(await deleteTogether({ ...request, names: names.filter((n) => isXmlText(n.key)) })),
      ...(await deleteSingly({ ...request, names: names.filter((n) => !isXmlText(n.key)) })),
    ];
    if (failures.some((failure) => failure.code === 'SlowDown')) pace.slowedDown();
    else pace.succeeded(names.length);
    return failures;
  } catch (error) {
    if (!(error instanceof SlowedDown)) throw error;
    pace.slowedDown();
    if (isLast) throw error.answer;
    return names.map((name) => failureOf(name, 'SlowDown', error.message));
  }
}

async function deleteTogether(request: DeleteKeysRequest): Promise<KeyFailure[]> {
  if (request.names.length === 0) return [];
  const Objects = request.names.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
  // Quiet: an answer lists what failed, not the thousand that went.
  const input = { ...bucketInput(request), Delete: { Objects, Quiet: true } };
  const { Errors } = await sendUnretried(request, new DeleteObjectsCommand(input));
  return (Errors ?? []).map(({ Key, VersionId, Code, Message }) =>
    failureOf({ key: Key ?? '', versionId: VersionId }, Code ?? 'Unknown', Message ?? ''),
  );
}

/** S3's SlowDown, hidden from the SDK's retries. */
class SlowedDown extends Error {
  override readonly name = 'SlowedDown';

  constructor(readonly answer: unknown) {
    super(awsErrorMessage(answer));
  }
}

/**
 * Sends a delete that the SDK does not try again by itself when S3 slows it down: the answer to that is the pace of all
 * deletes, and the SDK would tell of it late and wait by its own clock. Other failures it handles as ever.
 */
function sendUnretried(request: DeleteKeysRequest, command: DeleteObjectsCommand) {
  const hideSlowDown: FinalizeRequestMiddleware<
    DeleteObjectsCommandInput,
    DeleteObjectsCommandOutput
  > = (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw isThrottling(error) ? new SlowedDown(error) : error;
    }
  };
  command.middlewareStack.addRelativeTo(hideSlowDown, {
    name: 'nightshiftSlowDown',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
  return request.s3.send(command, { abortSignal: request.signal });
}

async function deleteSingly(request: DeleteKeysRequest): Promise<KeyFailure[]> {
  const failures: KeyFailure[] = [];
  for (const name of request.names) {
    try {
      await request.s3.send(
        new DeleteObjectCommand({
          ...bucketInput(request),
          Key: name.key,
          VersionId: name.versionId,
        }),
        { abortSignal: request.signal },
      );
    } catch (error) {
      const code = awsErrorCode(error);
      if (code === undefined || code === 'NoSuchBucket') throw error;
      failures.push(failureOf(name, code, awsErrorMessage(error)));
    }
  }
  return failures;
}

function failureOf({ key, versionId }: VersionName, code: string, message: string): KeyFailure {
  return { key, ...(versionId === undefined ? {} : { versionId }), code, message };
}

// XML 1.0 has no way to write these; a DeleteObjects that holds one is MalformedXML as a whole.
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function isXmlText(key: string): boolean {
  return !notXml.test(key);
}
