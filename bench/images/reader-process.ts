import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { readMirror } from '../../src/mirrors/index.js';
import { opened } from '../../src/mirrors/open/open.js';
import { firstMessage, tell, untilStopped } from '../processes.js';
import type { ReaderMessage } from './messages.js';
import { product } from './metadata-xml.js';

// One reading, in a process that has done nothing before: as a nightly check finds it.
const { url, packed, does } = await firstMessage<ReaderMessage>();
const stages: Record<ReaderMessage['does'], () => Promise<number>> = {
  async read() {
    const wanted = { names: [product], architectures: ['x86_64'] };
    const { signal } = new AbortController();
    const reading = await readMirror({ kind: 'rpm', url }, wanted, { signal });
    return reading.kind === 'packages' ? reading.packages.length : 0;
  },
  async unpack() {
    for await (const _ of opened(createReadStream(packed), packed));
    return 0;
  },
  async parse() {
    const parser = new SaxesParser({ position: false });
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const chunk of opened(createReadStream(packed), packed))
      parser.write(decoder.decode(chunk, { stream: true }));
    parser.close();
    return 0;
  },
};

const begun = performance.now();
const cpuBegun = process.cpuUsage();
const packages = await stages[does]();
const { user, system } = process.cpuUsage(cpuBegun);
await tell({
  seconds: (performance.now() - begun) / 1e3,
  cpuSeconds: (user + system) / 1e6,
  // Kilobytes, whatever the system.
  peakRss: process.resourceUsage().maxRSS * 1024,
  packages,
});
await untilStopped();
await tell({});
process.disconnect();
