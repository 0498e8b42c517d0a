import type { CellId } from '../cell.js';
import type { BuiltImage } from '../result.js';
import type { LineSpec } from '../spec.js';
import { jsonTracker, readJsonTracker } from './json.js';
import { readVersions, versionsTracker } from './versions.js';

/** What of a line its tracker depends on. */
export type TrackedLine = Pick<
  LineSpec,
  'line' | 'channel' | 'product' | 'source' | 'baseOs' | 'recipe'
>;

/** A cell that a tracker has as built. Without an image: it was built once, and which image it was is not known. */
export interface TrackedCell {
  id: CellId;
  image?: BuiltImage;
}

/** The whole tracker of a line as text, which ends in a line break: the same of the same record. */
export function trackerText(
  format: 'json' | 'versions',
  line: TrackedLine,
  built: Readonly<Record<CellId, BuiltImage>>,
): string {
  return format === 'json' ? jsonTracker(line, built) : versionsTracker(line, built);
}

/**
 * Reads a tracker of either format, whichever the line writes: what it reads on its way over is the other one.
 *
 * @throws RangeError saying what is wrong; never with what was there, as it may be no tracker but a secret.
 */
export function readTrackerText(text: string, line: TrackedLine): TrackedCell[] {
  return /^\s*\{/.test(text) ? readJsonTracker(text, line) : readVersions(text, line);
}
