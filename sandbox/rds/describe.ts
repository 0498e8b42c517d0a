import { AwsError } from '../core/aws-error.js';
import type { QueryCall, QueryResult } from '../core/aws-query.js';
import { element } from '../core/xml.js';
import type { Snapshot } from './snapshot.js';
import { snapshotNotFound, type SnapshotStore } from './store.js';
import { snapshotsXml } from './snapshot-xml.js';

/** A snapshot as one account sees it: those of others go by their ARN. */
export interface Seen {
  snapshot: Snapshot;
  id: string;
  type: 'manual' | 'automated' | 'shared' | 'public';
}

const types = ['automated', 'manual', 'shared', 'public', 'awsbackup'] as const;

/** DescribeDBSnapshots: own snapshots, and those shared in when asked for; 20 to 100 a page. */
export function describeSnapshots(store: SnapshotStore, call: QueryCall): QueryResult {
  const { parameters } = call;
  const limit = recordsPerPage(parameters.get('MaxRecords'));
  const after = Buffer.from(parameters.get('Marker') ?? '', 'base64url').toString();
  const seen = selected(store, call).sort((a, b) => (a.id < b.id ? -1 : 1));
  const rest = seen.filter((s) => s.id > after);
  const page = rest.slice(0, limit);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  const marker = last && Buffer.from(last.id).toString('base64url');
  return { xml: element('Marker', marker) + snapshotsXml(page, call.now) };
}

function selected(store: SnapshotStore, call: QueryCall): Seen[] {
  const { parameters } = call;
  const type = parameters.get('SnapshotType');
  if (type !== null && !types.some((known) => known === type))
    throw new AwsError('InvalidParameterValue', `Invalid snapshot type: ${type}`);
  const id = parameters.get('DBSnapshotIdentifier')?.toLowerCase();
  const instance = parameters.get('DBInstanceIdentifier')?.toLowerCase();
  const matching = ofType(store, call, type)
    .filter((s) => id === undefined || s.id === id || s.snapshot.arn === id)
    .filter((s) => instance === undefined || s.snapshot.instance === instance)
    .filter((s) => passesFilters(s, parameters));
  if (id !== undefined && matching.length === 0) throw snapshotNotFound(id);
  return matching;
}

/**
 * "If you don't specify a SnapshotType value, then both automated and manual snapshots are returned. Shared and public
 * DB snapshots are not included": IncludeShared and IncludePublic add them, to a call without a type.
 */
function ofType(store: SnapshotStore, call: QueryCall, type: string | null): Seen[] {
  const { accountId, region, parameters } = call;
  const own = () =>
    store
      .owned(accountId, region)
      .map((snapshot): Seen => ({ snapshot, id: snapshot.id, type: snapshot.type }));
  const others = (kind: 'shared' | 'public') =>
    store
      .shared(accountId, region, kind)
      .map((snapshot): Seen => ({ snapshot, id: snapshot.arn, type: kind }));
  if (type === 'shared' || type === 'public') return others(type);
  if (type !== null) return own().filter((s) => s.type === type);
  return [
    ...own(),
    ...(parameters.get('IncludeShared') === 'true' ? others('shared') : []),
    ...(parameters.get('IncludePublic') === 'true' ? others('public') : []),
  ];
}

const filterValues: Record<string, (seen: Seen) => string> = {
  'db-instance-id': (s) => s.snapshot.instance,
  'db-snapshot-id': (s) => s.id,
  'snapshot-type': (s) => s.type,
  engine: (s) => s.snapshot.engine,
};

function passesFilters(seen: Seen, parameters: URLSearchParams): boolean {
  for (let index = 1; ; index++) {
    const name = parameters.get(`Filters.Filter.${index}.Name`);
    if (name === null) return true;
    const valueOf = filterValues[name];
    if (!valueOf) throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
    const values = [...parameters]
      .filter(([key]) => key.startsWith(`Filters.Filter.${index}.Values.`))
      .map(([, value]) => value);
    if (!values.includes(valueOf(seen))) return false;
  }
}

function recordsPerPage(text: string | null): number {
  const count = text === null ? 100 : Number(text);
  if (Number.isInteger(count) && count >= 20 && count <= 100) return count;
  throw new AwsError(
    'InvalidParameterValue',
    `Invalid value ${text ?? ''} for MaxRecords. Must be between 20 and 100`,
  );
}
