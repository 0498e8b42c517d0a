import * as http from 'node:http';
import * as https from 'node:https';
import { MirrorError } from '../error.js';

export interface RequestOptions {
  headers: http.OutgoingHttpHeaders;
  agents: Agents;
  idleMs: number;
  signal: AbortSignal;
}

/** Connections of one reading; they are closed with it. */
export class Agents {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true });

  for(protocol: string): http.Agent {
    return protocol === 'https:' ? this.#https : this.#http;
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/**
 * One GET, its answer's body not yet read. Not `fetch`: it unpacks a body that is served with a Content-Encoding,
 * as some servers do with every .gz, and the checksums are of what is sent.
 */
export async function request(
  url: URL,
  { headers, agents, idleMs, signal }: RequestOptions,
): Promise<http.IncomingMessage> {
  signal.throwIfAborted();
  const { get } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const agent = agents.for(url.protocol);
    // As an option, not as a method: that would begin to count only once there is a connection.
    const sent = get(url, { headers, agent, signal, timeout: idleMs }, resolve);
    sent.on('timeout', () => {
      sent.destroy(new MirrorError('unavailable', url.href, `nothing came for ${idleMs} ms`));
    });
    sent.on('error', (error) => {
      reject(signal.aborted ? reasonOf(signal) : unavailable(url.href, error));
    });
  });
}

/** The bytes of an answer's body. Throws a {@link MirrorError} where it breaks off, or the reason of `signal`. */
export async function* bytesOf(
  url: string,
  answer: http.IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    signal.throwIfAborted();
    throw unavailable(url, error);
  } finally {
    // What is left of it would hold its connection.
    answer.destroy();
  }
}

function unavailable(url: string, error: unknown): MirrorError {
  if (error instanceof MirrorError) return error;
  return new MirrorError('unavailable', url, messageOf(error));
}

function messageOf(error: unknown): string {
  // A host with several addresses fails with an AggregateError, whose message is empty.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
