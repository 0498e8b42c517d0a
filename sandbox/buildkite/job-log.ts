import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/** A part of a job's log, as it was uploaded. */
export interface Chunk {
  /** From 1. */
  sequence: number;
  /** Uncompressed bytes before it, as the client says. */
  offset: number;
  /** Its uncompressed bytes. */
  size: number;
  /** SHA-256 of its uncompressed bytes, hex. */
  digest: string;
  gzip: Buffer;
}

/** Where the log isn't one text: bytes that are missing or there twice, or sequence numbers that are missing. */
export interface LogFlaw {
  kind: 'gap' | 'overlap' | 'missing';
  /** Sequence of the chunk before which it is. */
  before: number;
  /** Bytes of a gap or overlap, chunks that are missing. */
  count: number;
}

export interface LogSummary {
  bytes: number;
  /** Of the whole text, hex. */
  sha256: string;
  chunks: number;
  /** Chunks that came again with the same content. */
  repeats: number;
  /** Chunks that came again with another content, offset or size; the first stands. */
  conflicts: number;
  flaws: LogFlaw[];
}

/** The log of a job: chunks, which may come in any order and again. They are kept compressed. */
export class JobLog {
  private readonly chunks = new Map<number, Chunk>();
  private cached: LogSummary | undefined;
  /** Over the chunks from the first on that have all come, so that a growing log isn't read again each time. */
  private readonly prefix = { hash: createHash('sha256'), last: 0 };
  private repeats = 0;
  private conflicts = 0;
  private total = 0;

  /** Uncompressed bytes that were accepted. */
  get bytes(): number {
    return this.total;
  }

  add(chunk: Chunk): 'new' | 'repeat' | 'conflict' {
    this.cached = undefined;
    const known = this.chunks.get(chunk.sequence);
    if (!known) {
      this.chunks.set(chunk.sequence, chunk);
      this.total += chunk.size;
      return 'new';
    }
    const isSame =
      known.digest === chunk.digest && known.offset === chunk.offset && known.size === chunk.size;
    if (isSame) this.repeats += 1;
    else this.conflicts += 1;
    return isSame ? 'repeat' : 'conflict';
  }

  /** Whether a chunk of this number was accepted. */
  has(sequence: number): boolean {
    return this.chunks.has(sequence);
  }

  /** The log, chunk after chunk by sequence. */
  text(): Buffer {
    return Buffer.concat(this.inOrder().map((chunk) => gunzipSync(chunk.gzip)));
  }

  summary(): LogSummary {
    if (this.cached) return this.cached;
    const chunks = this.inOrder();
    this.cached = {
      bytes: this.total,
      sha256: this.digestOf(chunks),
      chunks: this.chunks.size,
      repeats: this.repeats,
      conflicts: this.conflicts,
      flaws: flawsOf(chunks),
    };
    return this.cached;
  }

  private digestOf(chunks: readonly Chunk[]): string {
    const { prefix } = this;
    for (
      let next = this.chunks.get(prefix.last + 1);
      next;
      next = this.chunks.get(prefix.last + 1)
    ) {
      prefix.hash.update(gunzipSync(next.gzip));
      prefix.last = next.sequence;
    }
    const whole = prefix.hash.copy();
    for (const chunk of chunks)
      if (chunk.sequence > prefix.last) whole.update(gunzipSync(chunk.gzip));
    return whole.digest('hex');
  }

  private inOrder(): Chunk[] {
    return [...this.chunks.values()].sort((a, b) => a.sequence - b.sequence);
  }
}

function flawsOf(chunks: readonly Chunk[]): LogFlaw[] {
  const flaws: LogFlaw[] = [];
  let sequence = 0;
  let end = 0;
  for (const chunk of chunks) {
    const before = chunk.sequence;
    if (before > sequence + 1)
      flaws.push({ kind: 'missing', before, count: before - sequence - 1 });
    if (chunk.offset > end) flaws.push({ kind: 'gap', before, count: chunk.offset - end });
    if (chunk.offset < end) flaws.push({ kind: 'overlap', before, count: end - chunk.offset });
    sequence = before;
    end = chunk.offset + chunk.size;
  }
  return flaws;
}
