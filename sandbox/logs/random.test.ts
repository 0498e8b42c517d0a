import { afterEach, expect, test } from 'vitest';
import { Random } from '../core/random.js';
import type { Sandbox } from '../index.js';
import { logSandbox, logsClient, place, read } from './testing.js';

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

const seeds = Array.from({ length: 12 }, () => Math.floor(Math.random() * 2 ** 31));

test.each(seeds)(
  'a reader with pages of any size gets every byte once and in order while events are written (seed %i)',
  async (seed) => {
    const random = new Random(seed);
    const box = await logSandbox(
      { emptyPageShare: random.between(0, 0.5), partialPageShare: random.next() },
      { seed },
    );
    sandbox = box;
    const client = logsClient(box);
    box.services.logs.openStream(place);
    let token: string | undefined;
    let text = '';
    const readOn = async (pages: number) => {
      for (let page = 0; page < pages; page++) {
        const limit = random.integer(1, 40);
        const found = await read(client, {
          limit,
          ...(token === undefined ? {} : { nextToken: token }),
        });
        text += found.text;
        if (found.forward === token) return;
        token = found.forward;
      }
    };
    for (let turn = 0; turn < 25; turn++) {
      write(box, random);
      box.clock.skip(random.between(0, 3));
      await readOn(random.integer(0, 4));
    }
    box.clock.skip(60);
    await readOn(100_000);
    expect(text).toBe(box.services.logs.text(place));
    expect(Buffer.byteLength(text)).toBe(box.services.logs.bytes(place));
  },
);

/** Events with any time, visible sooner or later, or a made-up log of some length that may be cut again. */
function write(box: Sandbox, random: Random): void {
  const { logs } = box.services;
  const now = box.clock.now();
  if (random.chance(0.2)) logs.cut(place, now + random.between(-1000, 2000));
  if (random.chance(0.3)) {
    const step = random.pick([0, 1, 50]);
    logs.generate(place, {
      count: random.integer(0, 60),
      timestampOf: (index) => now + index * step,
      line: (index) => `${'µ'.repeat(index % 7)}${index}\n`,
    });
    return;
  }
  const events = Array.from({ length: random.integer(0, 30) }, (_, index) => ({
    timestamp: now + random.between(-2000, 500),
    message: `"${index}"\t${'x'.repeat(random.integer(0, 80))}${random.chance(0.9) ? '\n' : ''}`,
    ...(random.chance(0.3) ? { visibleAt: now + random.between(0, 4000) } : {}),
  }));
  logs.append(place, events);
}
