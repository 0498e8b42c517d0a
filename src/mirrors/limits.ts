/** Bounds on what a mirror may ask of us. */
export interface MirrorLimits {
  /** How often a mirror in the middle of a sync is read before it is given up. */
  attempts: number;
  /** Wait before it is read again, in milliseconds; twice as long each time. */
  retryWaitMs: number;
  /** How long no byte may come, in milliseconds. */
  idleMs: number;
  /** Bytes of a small document: repomd.xml, InRelease, a listing, a signature. */
  documentBytes: number;
  /** Bytes of metadata as they are sent, and unpacked. */
  compressedBytes: number;
  openBytes: number;
  /** Pages that one HTML source may have: its listing, those below, and further pages of a bucket. */
  listings: number;
  /** Versions that are kept of what is wanted. */
  packages: number;
}

export const defaultLimits: MirrorLimits = {
  attempts: 4,
  retryWaitMs: 5_000,
  idleMs: 60_000,
  documentBytes: 32 * 1024 ** 2,
  compressedBytes: 1024 ** 3,
  openBytes: 8 * 1024 ** 3,
  listings: 200,
  packages: 100_000,
};
