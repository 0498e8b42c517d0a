import type { Caller } from './caller.js';
import { GitLabError } from './error.js';
import { segment } from './http.js';

export interface LogRange {
  /** Byte to begin at. */
  from: number;
  /** Bytes at most. */
  most: number;
}

export interface LogPart {
  bytes: Uint8Array;
  /** Where the next part begins. */
  next: number;
  /** There is no more now; a job that runs may write more. */
  atEnd: boolean;
}

/**
 * A part of a job's log. GitLab sends the whole whatever the range: what comes before is passed over as it streams
 * in, and what comes after isn't read. A job's log only grows, so that a range stays what it was.
 */
export function readJobLog(
  caller: Caller,
  project: string | number,
  jobId: number,
  { from, most }: LogRange,
  signal?: AbortSignal,
): Promise<LogPart> {
  const path = `projects/${segment(project)}/jobs/${jobId}/trace`;
  // One byte more tells whether there is more.
  const headers = { Range: `bytes=${from}-${from + most}` };
  const read = (response: Response) => partOf(response, from, most);
  const isEnd = (status: number) => status === 416;
  return caller.call('GetJobTrace', { method: 'GET', path, headers }, read, signal, isEnd);
}

async function partOf(response: Response, from: number, most: number): Promise<LogPart> {
  if (response.status === 416) {
    await response.body?.cancel();
    return { bytes: new Uint8Array(), next: from, atEnd: true };
  }
  const skip = response.status === 206 ? 0 : from;
  const bytes = await slice(response, skip, most + 1);
  const part = bytes.subarray(0, most);
  return { bytes: part, next: from + part.length, atEnd: bytes.length <= most };
}

/** Bytes of the body from `skip` on, `most` of them at most. */
async function slice(response: Response, skip: number, most: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let passed = 0;
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const piece: unknown = chunk;
    if (!(piece instanceof Uint8Array)) continue;
    const wanted = piece.subarray(Math.max(0, skip - passed)).subarray(0, most - length);
    passed += piece.length;
    length += wanted.length;
    if (wanted.length > 0) kept.push(wanted);
    // Leaving the loop cancels what is still to come.
    if (length >= most) break;
  }
  return Buffer.concat(kept);
}

/** One file of a job's artifacts, of at most `most` bytes. Undefined: there is none, or not yet. */
export async function readArtifact(
  caller: Caller,
  project: string | number,
  jobId: number,
  file: string,
  most: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const inside = file.split('/').map(segment).join('/');
  const path = `projects/${segment(project)}/jobs/${jobId}/artifacts/${inside}`;
  const read = async (response: Response) => {
    if (response.status === 404) return undefined;
    const bytes = await slice(response, 0, most + 1);
    if (bytes.length <= most) return bytes;
    throw new GitLabError(
      'tooMany',
      `artifact ${file} of job ${jobId} has more than ${most} bytes`,
      {
        retryable: false,
      },
    );
  };
  const isMissing = (status: number) => status === 404;
  return caller.call('GetJobArtifact', { method: 'GET', path }, read, signal, isMissing);
}
