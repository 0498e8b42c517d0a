import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { CheckStarted, LineStatus } from '../../../client/index.js';
import type { TrackedCell } from '../../../domain/images/tracker/tracker.js';
import { type CellRecord, cellRecords, keyTag } from './cell-record.js';
import type { Stage } from './stage.js';
import { trackerOf } from './tracker.js';

/** What the line says in the end, and what the cloud says of it. */
export interface CloudRecord {
  status: LineStatus;
  /** The last check, which was to find nothing. */
  last: CheckStarted;
  cells: CellRecord[];
  /** Builds and images that belong to no image of the line. */
  strays: string[];
  /** Snapshots that no image uses. */
  orphans: string[];
  /** Images that the tracker has. */
  tracked: number;
}

/** How long the tracker may take to be written after the last image, in milliseconds. */
const patience = 60_000;

/** Asks everybody. @param last the last check */
export async function cloudRecord(stage: Stage, last: CheckStarted): Promise<CloudRecord> {
  const { line, sandbox, fleet, processes } = stage;
  const { admin } = sandbox;
  const status = await line.status(processes.signal);
  const built = status.cells.filter(({ state }) => state === 'built').length;
  const tracker = await trackerWith(built, stage);
  const images = await admin.images({ account: fleet.account.id });
  const builds = await admin.builds();
  const starts = await effectiveStarts(admin);
  const cells = cellRecords({ status, tracker, images, builds, starts });
  const known = new Set(cells.map(({ key }) => key));
  return {
    status,
    last,
    cells,
    strays: [
      ...builds
        .filter(({ env }) => !known.has(env['NIGHTSHIFT_KEY']?.value ?? ''))
        .map(({ id }) => id),
      ...images
        .filter(({ tags }) => keyTag in tags && !known.has(tags[keyTag] ?? ''))
        .map(({ id }) => id),
    ],
    orphans: (await admin.orphanSnapshots()).map(({ id }) => id),
    tracked: tracker.length,
  };
}

/** Ids of builds, each as often as a StartBuild call began it. */
async function effectiveStarts(admin: SandboxAdmin): Promise<string[]> {
  const calls = await admin.ledger({ action: 'StartBuild', effective: true });
  return calls.map(({ subject = '' }) => subject);
}

/** The tracker once it has so many images: it is written a moment after the last one is there. */
async function trackerWith(count: number, stage: Stage): Promise<TrackedCell[]> {
  const until = Date.now() + patience;
  for (;;) {
    const tracker = await trackerOf(stage);
    if (tracker.length >= count || Date.now() > until) return tracker;
    await delay(200, undefined, { signal: stage.processes.signal });
  }
}
