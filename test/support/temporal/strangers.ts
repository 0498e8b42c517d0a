import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { quietPort } from './quiet-port.js';

/** Address of something that takes connections and never says a word. */
export async function silentStranger(): Promise<string> {
  return listen(createServer((socket) => void socket.on('error', () => undefined)));
}

/** Address of a web server. */
export async function webServer(): Promise<string> {
  return listen(createHttpServer((_, response) => void response.end('hello')));
}

/** An address where nothing listens. */
export async function nowhere(): Promise<string> {
  return `127.0.0.1:${await quietPort()}`;
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return `127.0.0.1:${bound.port}`;
}
