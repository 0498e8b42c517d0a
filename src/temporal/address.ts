import { createServer } from 'node:net';

/** Splits `host:port`; the port is Temporal's 7233 where none is given. */
export function splitAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d+))?$/.exec(address);
  const { v6, name, port } = match?.groups ?? {};
  return { host: v6 ?? name ?? address, port: port === undefined ? 7233 : Number(port) };
}

/** A loopback port that is free now. Another process may take it before it is used: try again then. */
export function freePort(): Promise<number> {
  return listenOn(0);
}

/** Whether this loopback port can be listened on now. */
export async function isPortFree(port: number): Promise<boolean> {
  return listenOn(port).then(
    () => true,
    () => false,
  );
}

function listenOn(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const bound = server.address();
      const chosen = typeof bound === 'object' && bound !== null ? bound.port : port;
      server.close(() => resolve(chosen));
    });
  });
}
