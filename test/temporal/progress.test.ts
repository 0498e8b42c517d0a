import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressOn } from '../../src/temporal/index.js';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  const through = new PassThrough();
  const stream = Object.assign(through, { isTTY, columns: 40 }) as unknown as NodeJS.WriteStream;
  return { stream, written: () => String(through.read() ?? '') };
}

const compiling = { phase: 'compiling', message: 'Building: package', total: 9 } as const;

describe('progress', () => {
  it('is a line for each phase and every 15 s where it is no terminal', () => {
    const { stream: out, written } = stream(false);
    const { show, done } = progressOn(out);
    show({ phase: 'modules', message: 'Fetching: module', done: 1, elapsedMs: 0 });
    for (let s = 0; s <= 31; s += 1) show({ ...compiling, done: s, elapsedMs: s * 1000 });
    done();
    expect(written().split('\n')).toEqual([
      'Fetching: module 1',
      'Building: package 0 of 9',
      'Building: package 15 of 9, 15 s',
      'Building: package 30 of 9, 30 s',
      '',
    ]);
  });

  it('is one line, rewritten, cut to the width and cleared at the end, on a terminal', () => {
    const { stream: out, written } = stream(true);
    const { show, done } = progressOn(out);
    show({ ...compiling, done: 1, elapsedMs: 0 });
    show({ ...compiling, message: 'x'.repeat(80), elapsedMs: 0 });
    done();
    const clear = '\r\u001b[2K';
    expect(written()).toBe(`Building: package 1 of 9${clear}${'x'.repeat(39)}${clear}`);
  });

  it('shows a note for good', () => {
    const { stream: out, written } = stream(true);
    progressOn(out).show({ phase: 'note', message: 'no network', elapsedMs: 0 });
    expect(written()).toBe('no network\n');
  });
});
