import type { Client } from '@temporalio/client';
import type { AwsConnections } from '../../../aws/connections.js';
import { NightshiftError } from '../../../domain/errors.js';
import type { LineSpec } from '../../../domain/images/spec.js';
import {
  type TrackedCell,
  readTrackerText,
  trackerText,
} from '../../../domain/images/tracker/tracker.js';
import { perform } from '../../failure.js';
import { GitLabAccess } from '../builders/gitlab/access.js';
import { lineRecord } from './line-record.js';
import { type TrackerStore, storeOf } from './store.js';

export interface TrackerDependencies {
  aws: AwsConnections;
  /** For the line's own record. */
  client: Client;
  stopping: AbortSignal;
}

/** Input of both activities. */
export interface TrackerRequest {
  spec: LineSpec;
}

/** The side effects of trackers: where else what is built is written down, for others to read. */
export function createTrackerActivities({ aws, client, stopping }: TrackerDependencies) {
  const gitlab = new GitLabAccess(aws);

  return {
    /**
     * Writes the record that the line itself has now, as a whole. Where the store has that already, nothing is written.
     * What is there and is no tracker of this line is left as it is, and refused.
     */
    writeTracker: ({ spec }: TrackerRequest): Promise<void> =>
      perform(
        `the tracker of ${spec.line} can’t be written`,
        async (signal) => {
          const { tracker } = spec;
          if (!tracker) return;
          const { built } = await lineRecord(client, spec, signal);
          const text = trackerText(tracker.format, spec, built);
          const store = storeOf({ aws, gitlab, spec, tracker, signal });
          await store.write(text, (there) => void readThere(store, there, spec));
        },
        { stopping },
      ),

    /** What the store has as built, in whichever format. */
    readTracker: ({ spec }: TrackerRequest): Promise<TrackedCell[]> =>
      perform(
        `the tracker of ${spec.line} can’t be read`,
        async (signal) => {
          const { tracker } = spec;
          if (!tracker)
            throw new NightshiftError('InvalidInput', `the line ${spec.line} has no tracker`, {
              hint: 'say where it is under images[].tracker in nightshift.yaml',
            });
          const store = storeOf({ aws, gitlab, spec, tracker, signal });
          const text = await store.read();
          // Never taken for one that is empty: everything would be built again.
          if (text === undefined)
            throw new NightshiftError('NotFound', `there is no ${store.name}`, {
              hint: 'check images[].tracker in nightshift.yaml: its name, project, account and region',
            });
          return readThere(store, text, spec);
        },
        { stopping },
      ),
  };
}

function readThere({ name }: TrackerStore, text: string, spec: LineSpec): TrackedCell[] {
  try {
    return readTrackerText(text, spec);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NightshiftError('InvalidInput', `${name}: ${error.message}`, {
      hint: 'check images[].tracker in nightshift.yaml, or delete what is there: it is never written over',
      cause: error,
    });
  }
}

export type TrackerActivities = ReturnType<typeof createTrackerActivities>;
