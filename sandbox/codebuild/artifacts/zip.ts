import { crc32 } from 'node:zlib';

/**
 * A ZIP of these files, stored as they are (APPNOTE 4.3: local headers, the central directory, its end).
 *
 * @param time sandbox ms
 */
export function zipOf(files: ReadonlyMap<string, string>, time: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of files) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const facts = factsOf(content, name, time);
    const local = [signature(0x04034b50), facts, name, content];
    // Beside those facts, the directory has the version it was made by, and where the file's header is.
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(signature(0x02014b50), version, facts, place, name);
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, endOf(files.size, central.length, offset)]);
}

/** 2.0: what a reader must know. */
const version = Buffer.from([20, 0]);

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function factsOf(content: Buffer, name: Buffer, time: number): Buffer {
  const facts = Buffer.alloc(26);
  const { date, seconds } = dosTime(new Date(time));
  version.copy(facts, 0);
  // Names are UTF-8.
  facts.writeUInt16LE(0x0800, 2);
  facts.writeUInt16LE(seconds, 6);
  facts.writeUInt16LE(date, 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  return facts;
}

function dosTime(at: Date): { date: number; seconds: number } {
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    seconds: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  };
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
