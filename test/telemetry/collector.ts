import { once } from 'node:events';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';

export interface OtlpRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface OtlpCollector {
  url: string;
  requests: OtlpRequest[];
  /** The first request to a path, waited for. */
  request(path: string): Promise<OtlpRequest>;
  close(): Promise<void>;
}

/** A collector on the loopback that keeps what it is sent. */
export async function otlpCollector(): Promise<OtlpCollector> {
  const requests: OtlpRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      server.emit('received');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    async request(path) {
      for (;;) {
        const found = requests.find((request) => request.path === path);
        if (found) return found;
        await once(server, 'received', { signal: AbortSignal.timeout(30_000) });
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: ReturnType<typeof createTcpServer>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
