import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { firstMessage, tell, untilStopped } from '../processes.js';
import type { MirrorMessage } from './messages.js';

// The mirror, in a process of its own: neither its memory nor its work is the reader's.
const { directory } = await firstMessage<MirrorMessage>();
const server = createServer((request, answer) => {
  const file = join(directory, new URL(request.url ?? '/', 'http://localhost').pathname);
  stat(file).then(
    ({ size }) => {
      answer.writeHead(200, { 'Content-Length': size });
      createReadStream(file).pipe(answer);
    },
    () => answer.writeHead(404).end(),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = z.object({ port: z.number() }).parse(server.address());
await tell({ url: `http://127.0.0.1:${port}` });
await untilStopped();
server.closeAllConnections();
server.close();
await tell({});
process.disconnect();
