import { formatCount } from '../../../report/format.js';

/** `12,345 B`, `1.2 MB`: a million bytes is a megabyte. */
export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${formatCount(bytes)} B` : `${(bytes / 1e6).toFixed(1)} MB`;
}
