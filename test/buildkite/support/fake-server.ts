import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import { z } from 'zod';

export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What the server does with one request; `lost` breaks the connection, `hang` never answers. */
export type Reply =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | 'lost'
  | 'hang';

/** A server that answers from a script, the last reply again and again, and keeps what it was asked. */
export class FakeServer {
  readonly seen: Seen[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(...script: Reply[]): Promise<FakeServer> {
    const server = createServer();
    // A test that pauses for longer than Node's 5 s would find its connection closed.
    server.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const fake = new FakeServer(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://localhost');
        fake.seen.push({
          method: request.method ?? '',
          path: url.pathname,
          query: Object.fromEntries(url.searchParams),
          headers: request.headers,
          body: Buffer.concat(parts),
        });
        const reply = script[Math.min(fake.seen.length, script.length) - 1] ?? {};
        if (reply === 'hang') return;
        if (reply === 'lost') {
          request.socket.destroy();
          return;
        }
        response.writeHead(reply.status ?? 200, reply.headers);
        response.end(reply.text ?? JSON.stringify(reply.json ?? {}));
      });
    });
    return fake;
  }

  get endpoint(): string {
    return `${this.url}/v3`;
  }

  /** The JSON of the n-th request, from 0. */
  json(index: number): unknown {
    return JSON.parse(this.seen[index]?.body.toString() ?? '');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
