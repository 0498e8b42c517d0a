import { z } from 'zod';

export interface MirrorMessage {
  /** What it serves. */
  directory: string;
}
export const mirrorReady = z.object({ url: z.string() });

export interface ReaderMessage {
  /** Of the repository. */
  url: string;
  /** The file of its packed metadata, to measure its stages. */
  packed: string;
  does: 'read' | 'unpack' | 'parse';
}
export const readerReady = z.object({
  /** Wall time and time on a core, in seconds. */
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** The most memory that was resident, in bytes. */
  peakRss: z.number(),
  packages: z.number(),
});
