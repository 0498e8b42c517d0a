import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { ownJobOf, type BuildkiteCall, type BuildkiteReply } from '../call.js';
import { badRequest, BuildkiteRefusal } from '../refusal.js';

/** POST jobs/:id/chunks?sequence&offset&size: a part of the log, in any order, and again if need be. */
export function uploadChunk(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobOf(call);
  // Words and status as users see them: buildkite/agent#1208.
  if (!job.isUnderway) throw badRequest("Job can't have chunks");
  const { settings } = call.buildkite;
  expectGzip(call);
  const sequence = numberOf(call, 'sequence', 1);
  const offset = numberOf(call, 'offset', 0);
  const size = numberOf(call, 'size', 0);
  if (size > settings.chunkBytes) throw tooLarge(settings.chunkBytes);
  const gzip = call.request.body;
  const text = unpacked(gzip, settings.chunkBytes);
  if (text.length !== size)
    throw badRequest(`The chunk has ${text.length} bytes uncompressed, and size says ${size}`);
  if (!job.log.has(sequence) && job.log.bytes + size > settings.logMaxBytes)
    throw badRequest(`The log of a job has at most ${settings.logMaxBytes} bytes`);
  const digest = createHash('sha256').update(text).digest('hex');
  const outcome = job.log.add({ sequence, offset, size, digest, gzip });
  return { json: {}, effective: outcome === 'new' };
}

function expectGzip({ request }: BuildkiteCall): void {
  const type = request.headers['content-type'] ?? '';
  if (!/^text\/plain(;|$)/.test(type)) throw badRequest('A chunk has Content-Type: text/plain');
  if (request.headers['content-encoding'] !== 'gzip')
    throw badRequest('A chunk has Content-Encoding: gzip');
  if (request.body.length === 0) throw badRequest('Missing chunk');
}

function numberOf({ request }: BuildkiteCall, name: string, least: number): number {
  const text = request.query.get(name);
  if (text === null) throw badRequest(`A chunk has ?${name}=`);
  if (!/^\d{1,15}$/.test(text) || Number(text) < least)
    throw badRequest(`${name} must be a whole number from ${least}, was ${JSON.stringify(text)}`);
  return Number(text);
}

function unpacked(gzip: Buffer, most: number): Buffer {
  try {
    return gunzipSync(gzip, { maxOutputLength: most });
  } catch (error) {
    const isTooLarge =
      error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? tooLarge(most) : badRequest('The chunk is no gzip');
  }
}

function tooLarge(most: number): BuildkiteRefusal {
  return new BuildkiteRefusal(413, `A chunk has at most ${most} bytes uncompressed`);
}
