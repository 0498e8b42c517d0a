import type { AwsConnections } from '../../../aws/connections.js';
import type { LineSpec, TrackerSpec } from '../../../domain/images/spec.js';
import type { GitLabAccess } from '../builders/gitlab/access.js';
import { GitLabStore } from './gitlab-store.js';
import { SsmStore } from './ssm-store.js';

/** Where a tracker is kept. At every moment whoever reads it finds a whole one, whatever becomes of who writes it. */
export interface TrackerStore {
  /** For messages: `SSM parameter /nightshift/images/runner in ap-southeast-2`. */
  readonly name: string;
  /** The whole tracker; undefined where there is none. */
  read(): Promise<string | undefined>;
  /**
   * Puts a tracker in the place of the one that is there, if it is another one.
   *
   * @param check given what is there before it is written over; throws where that must not be.
   */
  write(text: string, check: (there: string) => void): Promise<void>;
}

export interface StoreOptions {
  aws: AwsConnections;
  gitlab: GitLabAccess;
  spec: LineSpec;
  tracker: TrackerSpec;
  signal: AbortSignal;
}

export function storeOf({ aws, gitlab, spec, tracker, signal }: StoreOptions): TrackerStore {
  const { target, access, pace } = spec.place;
  switch (tracker.kind) {
    case 'ssm': {
      const { name, region, format } = tracker;
      const ssm = aws.ssm({ ...target, region }, access, pace);
      // Who reads a version per line reads no parts.
      return new SsmStore({
        ssm,
        parameter: name,
        region,
        line: spec,
        inParts: format === 'json',
        signal,
      });
    }
    case 'gitlab':
      return new GitLabStore({ gitlab, file: tracker, pace, signal });
  }
}
