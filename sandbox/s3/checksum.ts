import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AwsRequest } from '../core/service.js';
import { invalidRequest, S3Error } from './errors.js';

/**
 * The body of a request, checked against the checksum it came with. S3 asks for one (Content-MD5 or an
 * `x-amz-checksum-*`) with DeleteObjects and the Put… calls on buckets; CRC32 is what SDKs send by default.
 */
export function checkedBody(request: AwsRequest, checksumRequired: boolean): Buffer {
  const body = plainBody(request);
  const md5 = request.headers['content-md5'];
  const crc = request.headers['x-amz-checksum-crc32'];
  const others = Object.keys(request.headers).some(
    (name) => name.startsWith('x-amz-checksum-') || name === 'x-amz-trailer',
  );
  if (checksumRequired && md5 === undefined && !others)
    throw invalidRequest('Missing required header for this request: Content-MD5');
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5)
    throw new S3Error(
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
      400,
    );
  if (crc !== undefined && crc32Base64(body) !== crc)
    throw new S3Error(
      'BadDigest',
      'The CRC32 you specified did not match the calculated checksum.',
      400,
    );
  return body;
}

export function md5Hex(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

function crc32Base64(body: Buffer): string {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(body));
  return digest.toString('base64');
}

/** SDKs send streams as `aws-chunked`: chunks with their length in hex before each, and trailers at the end. */
function plainBody(request: AwsRequest): Buffer {
  if (!(request.headers['content-encoding'] ?? '').includes('aws-chunked')) return request.body;
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = request.body.indexOf('\r\n', at);
    const size = Number.parseInt(request.body.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || Number.isNaN(size))
      throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly', 400);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(request.body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
