import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export interface Asked {
  path: string;
  headers: IncomingMessage['headers'];
  status: number;
  /** Bytes of the body that was sent. */
  bytes: number;
}

/** Answers instead of the server, or leaves it to the server by answering nothing. */
export type Instead = (
  path: string,
  answer: ServerResponse,
  request: IncomingMessage,
) => boolean | undefined | Promise<boolean | undefined>;

export interface TestServer {
  /** `http://127.0.0.1:port`. */
  url: string;
  asked: Asked[];
  /** The paths asked for since the last call of this. */
  paths: () => string[];
  instead: Instead | undefined;
  /** Whether documents have validators. */
  hasEtags: boolean;
}

/** Serves a directory, or documents by their paths, with ETags and 304s; it ends with the test. */
export async function serve(
  content: string | Readonly<Record<string, string | Buffer>>,
): Promise<TestServer> {
  const server: TestServer = {
    url: '',
    asked: [],
    paths: () => server.asked.splice(0).map(({ path }) => path),
    instead: undefined,
    hasEtags: true,
  };
  const listener = createServer((request, answer) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const entry: Asked = {
      path: request.url ?? '/',
      headers: request.headers,
      status: 0,
      bytes: 0,
    };
    server.asked.push(entry);
    answer.on('finish', () => {
      entry.status = answer.statusCode;
    });
    void respond(server, content, path, request, answer, entry).catch((error: unknown) => {
      answer.destroy(error instanceof Error ? error : undefined);
    });
  });
  // A test that pauses for longer than Node's 5 s would find its connection closed.
  listener.keepAliveTimeout = 120_000;
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = z.object({ port: z.number() }).parse(listener.address());
  server.url = `http://127.0.0.1:${port}`;
  onTestFinished(async () => {
    listener.closeAllConnections();
    listener.close();
    await once(listener, 'close');
  });
  return server;
}

async function respond(
  server: TestServer,
  content: string | Readonly<Record<string, string | Buffer>>,
  path: string,
  request: IncomingMessage,
  answer: ServerResponse,
  entry: Asked,
): Promise<void> {
  if ((await server.instead?.(path, answer, request)) === true) return;
  const body = await documentAt(content, path);
  if (body === undefined) {
    answer.writeHead(404).end('not here');
    return;
  }
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  if (server.hasEtags) answer.setHeader('ETag', etag);
  if (server.hasEtags && request.headers['if-none-match'] === etag) {
    answer.writeHead(304).end();
    return;
  }
  entry.bytes = body.length;
  answer.setHeader('Content-Length', body.length);
  answer.end(body);
}

async function documentAt(
  content: string | Readonly<Record<string, string | Buffer>>,
  path: string,
): Promise<Buffer | undefined> {
  if (typeof content !== 'string') {
    const found = content[path];
    return found === undefined ? undefined : Buffer.from(found);
  }
  const file = join(content, decodeURIComponent(path));
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? readFile(file) : undefined;
}
