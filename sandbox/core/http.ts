import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Dispatcher, Incoming } from './dispatcher.js';
import { sendBody } from './send-body.js';

/** Answers a request under `/_sandbox/`: status and a JSON body. */
export type AdminHandler = (request: Incoming) => { status: number; json: unknown };

export interface HttpOptions {
  dispatcher: Dispatcher;
  admin: AdminHandler;
  isAway: () => boolean;
}

export const adminPrefix = '/_sandbox/';

/** The sandbox's HTTP server: AWS requests to the dispatcher, `/_sandbox/` to the admin API. */
export function createHttpServer(options: HttpOptions): Server {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      // A client that was killed in the middle of its request is no fault of the sandbox.
      if (!request.complete) return;
      process.stderr.write(
        `sandbox: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`,
      );
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('InternalFailure\n');
    });
  });
  // Clients keep connections for minutes; a server that hangs up first races with their next request.
  server.keepAliveTimeout = 120_000;
  server.headersTimeout = 130_000;
  server.requestTimeout = 0;
  return server;
}

async function answer(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/';
  if (url.startsWith(adminPrefix)) return answerAdmin(options, request, response);
  if (options.isAway()) {
    request.socket.destroy();
    return;
  }
  const incoming = await read(request);
  if (!incoming) return badRequest(response);
  const { response: answered, requestId, lost } = await options.dispatcher.dispatch(incoming);
  if (lost) {
    request.socket.destroy();
    return;
  }
  response.writeHead(answered.status, {
    'x-amzn-requestid': requestId,
    ...(request.method === 'HEAD' ? {} : { 'content-length': Buffer.byteLength(answered.body) }),
    ...answered.headers,
  });
  await sendBody(response, answered);
}

async function answerAdmin(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = await read(request);
  if (!incoming) return badRequest(response);
  const { status, json } = options.admin(incoming);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(json)}\n`);
}

async function read(request: IncomingMessage): Promise<Incoming | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  const [rawPath, rawQuery] = splitOnce(request.url ?? '/', '?');
  const path = decode(rawPath);
  if (path === undefined) return undefined;
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(rawQuery),
    headers: flat(request),
    body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
  };
}

function badRequest(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'text/plain' }).end('InvalidURI\n');
}

function decode(path: string): string | undefined {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function flat(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}
