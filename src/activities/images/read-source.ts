import type { MirrorState } from '../../domain/images/mirror-state.js';
import { type WantedVersion, selectVersions } from '../../domain/images/select.js';
import type { LineSpec } from '../../domain/images/spec.js';
import { readMirror } from '../../mirrors/index.js';
import { fromMirrorError } from './failures.js';

/** Input of `readSource`. */
export interface SourceRequest {
  line: Pick<
    LineSpec,
    'product' | 'source' | 'versions' | 'newest' | 'architectures' | 'companions'
  >;
  /** What was read last, by the same wishes. */
  before?: MirrorState;
}

export type SourceReading =
  | { kind: 'unchanged'; state: MirrorState }
  | { kind: 'versions'; versions: WantedVersion[]; state: MirrorState };

/** The versions that images are wanted of, as the mirror has them now. */
export async function readSource(
  { line, before }: SourceRequest,
  signal: AbortSignal,
): Promise<SourceReading> {
  const names = [line.product, ...line.companions];
  try {
    const reading = await readMirror(
      line.source,
      { names, architectures: line.architectures },
      { signal, ...(before ? { before } : {}) },
    );
    if (reading.kind === 'unchanged') return reading;
    return {
      kind: 'versions',
      versions: selectVersions(reading.packages, line),
      state: reading.state,
    };
  } catch (error) {
    throw fromMirrorError(error);
  }
}
