import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AwsResponse } from './service.js';

const pieceMs = 20;

/** The longest that setTimeout can wait, in ms. */
const longestPause = 2 ** 31 - 1;

/** Sends the body of an answer whose head is written: at once, slowly, or until its connection breaks. */
export async function sendBody(
  response: ServerResponse,
  { body, bytesPerSecond, breaksAfter }: AwsResponse,
): Promise<void> {
  if (breaksAfter !== undefined) {
    response.write(Buffer.from(body).subarray(0, breaksAfter), () => response.destroy());
    return;
  }
  if (bytesPerSecond === undefined) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  await sendSlowly(response, Buffer.from(body), bytesPerSecond);
  response.end();
}

/** Waits before each piece for as long as the client is there. */
async function sendSlowly(
  response: ServerResponse,
  bytes: Buffer,
  bytesPerSecond: number,
): Promise<void> {
  const size = Math.max(1, Math.round((bytesPerSecond * pieceMs) / 1000));
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
      const piece = bytes.subarray(at, at + size);
      const waitMs = Math.min(longestPause, (piece.length / bytesPerSecond) * 1000);
      await pause(waitMs, undefined, { signal: gone.signal });
      response.write(piece);
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}
