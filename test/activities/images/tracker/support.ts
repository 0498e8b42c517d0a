import type { Client } from '@temporalio/client';
import { createTrackerActivities } from '../../../../src/activities/images/tracker/index.js';
import { AwsConnections } from '../../../../src/aws/connections.js';
import { lineWorkflowId } from '../../../../src/domain/images/cell.js';
import { type CellId, cellId } from '../../../../src/domain/images/cell.js';
import type { BuiltImage, LineRecord } from '../../../../src/domain/images/result.js';
import type { LineSpec, TrackerSpec } from '../../../../src/domain/images/spec.js';
import { runActivity } from '../builders/support.js';
import { type Stage, atEnd, home, lineSpec, name, product } from '../ec2/support.js';

export const parameter = '/nightshift/images/runner';
export const inSsm = (format: 'json' | 'versions' = 'json'): TrackerSpec => ({
  kind: 'ssm',
  name: parameter,
  region: home,
  format,
});

/** A line whose tracker is written, with the record that its workflow gives. */
export interface TrackedLine {
  spec: LineSpec;
  record: LineRecord;
  write(): Promise<void>;
  read(): ReturnType<ReturnType<typeof createTrackerActivities>['readTracker']>;
  /** The same line on another worker. */
  elsewhere(): TrackedLine;
}

const image = { id: 'ami-0123456789abcdef0' };

export function trackedLine(
  stage: Stage,
  tracker: TrackerSpec,
  built: Record<CellId, BuiltImage> = {},
): TrackedLine {
  const record = { ...name, product, built };
  const baseOs = ['al2023', 'ubuntu'].map((os) => ({
    name: os,
    variables: {},
    images: { x86_64: image },
  }));
  const spec = lineSpec(stage, { tracker, baseOs, architectures: ['x86_64'] });
  return lineOf(spec, record);
}

function lineOf(spec: LineSpec, record: LineRecord): TrackedLine {
  const aws = new AwsConnections();
  atEnd(() => aws.destroy());
  const { writeTracker, readTracker } = createTrackerActivities({
    aws,
    client: clientThatAnswers(record),
    stopping: new AbortController().signal,
  });
  return {
    spec,
    record,
    write: () => runActivity(writeTracker, { spec }),
    read: () => runActivity(readTracker, { spec }),
    elsewhere: () => lineOf(spec, record),
  };
}

/** Temporal's client, as far as a line is asked for its record: with the record as it is when it is asked for. */
function clientThatAnswers(record: LineRecord): Client {
  const getHandle = (workflowId: string) => ({
    query: (query: string) =>
      workflowId === lineWorkflowId(record) && query === 'record'
        ? Promise.resolve(structuredClone(record))
        : Promise.reject(new Error(`${workflowId} was asked for ${query}`)),
  });
  return { workflow: { getHandle } } as unknown as Client;
}

/** Images of so many versions on both base OSes. */
export function versions(count: number, from = 0): Record<CellId, BuiltImage> {
  const built: Record<CellId, BuiltImage> = {};
  for (let minor = from; minor < from + count; minor += 1)
    for (const os of ['al2023', 'ubuntu'])
      built[cellId({ os, arch: 'x86_64', evr: `16.${minor}.0-1` })] = {
        imageId: `ami-${os === 'ubuntu' ? 'b' : 'a'}${String(minor).padStart(16, '0')}`,
        builtAt: '2026-03-01T00:00:00.000Z',
      };
  return built;
}

/** Ids and image ids, in an order that can be compared. */
export function shown(cells: Awaited<ReturnType<TrackedLine['read']>>): Record<string, string> {
  return Object.fromEntries(
    cells.map(({ id, image: there }) => [id, there?.imageId ?? '']).sort(),
  ) as Record<string, string>;
}

/** What a record would be read as. */
export function readAs(built: Record<CellId, BuiltImage>): Record<string, string> {
  return shown(Object.entries(built).map(([id, there]) => ({ id, image: there })));
}
