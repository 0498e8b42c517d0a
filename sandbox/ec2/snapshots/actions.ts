import { AwsError } from '../../core/aws-error.js';
import { element, timestamp, type Xml } from '../../core/xml.js';
import { numbered, required, type Ec2Action, type Ec2Call } from '../call.js';
import { filtered, filtersOf, requireFilters, tagValues } from '../filters.js';
import { requireId } from '../ids.js';
import { pageXml } from '../page.js';
import type { Ec2Parts } from '../parts.js';
import type { TagMap } from '../tags/store.js';
import { tagSetXml } from '../tags/xml.js';
import type { Snapshot, SnapshotState } from './snapshot.js';
import { snapshotNotFound } from './snapshots.js';

interface SeenSnapshot {
  snapshot: Snapshot;
  state: SnapshotState;
  tags: TagMap;
}

/** DescribeSnapshots: the account's own; none is shared in the sandbox. */
export function describeSnapshots(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const filters = filtersOf(call);
    requireFilters(filters, isFilter);
    const ids = numbered(call, 'SnapshotId');
    const seen = visible(parts, call);
    for (const id of ids) {
      requireId(id, 'snap');
      if (!seen.some(({ snapshot }) => snapshot.id === id)) throw snapshotNotFound(id);
    }
    const owners = numbered(call, 'Owner');
    const wanted = seen.filter(
      ({ snapshot }) =>
        (ids.length === 0 || ids.includes(snapshot.id)) &&
        (owners.length === 0 || owners.includes('self') || owners.includes(call.accountId)),
    );
    const xml = pageXml(call, { min: 5, max: 1000 }, filtered(wanted, filters, valuesOf), {
      name: 'snapshotSet',
      keyOf: ({ snapshot }) => snapshot.id,
      xml: snapshotXml,
    });
    return { xml };
  };
}

export function deleteSnapshot(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const { snapshots, images, tags } = parts;
    const snapshot = snapshots.require(call, required(call, 'SnapshotId'));
    const [user] = images.using(snapshot.id);
    if (user)
      throw new AwsError(
        'InvalidSnapshot.InUse',
        `The snapshot ${snapshot.id} is currently in use by ${user.id}`,
      );
    const { accountId, region, now } = call;
    snapshot.states.change(now, 'deleted');
    tags.set({ accountId, region, resourceId: snapshot.id }, now, new Map());
    return { xml: element('return', true), subject: snapshot.id, effective: true };
  };
}

function visible({ snapshots, tags }: Ec2Parts, call: Ec2Call): SeenSnapshot[] {
  const { accountId, region, seenAt } = call;
  const seen: SeenSnapshot[] = [];
  for (const snapshot of snapshots.all()) {
    const { options, states, id } = snapshot;
    const state = states.at(seenAt);
    if (options.ownerId !== accountId || options.region !== region) continue;
    if (state === undefined || state === 'deleted') continue;
    seen.push({ snapshot, state, tags: tags.of({ accountId, region, resourceId: id }, seenAt) });
  }
  return seen;
}

const values: Readonly<Record<string, (seen: SeenSnapshot) => string>> = {
  'snapshot-id': ({ snapshot }) => snapshot.id,
  'owner-id': ({ snapshot }) => snapshot.options.ownerId,
  'volume-id': ({ snapshot }) => snapshot.options.volumeId,
  description: ({ snapshot }) => snapshot.options.description,
  status: ({ state }) => state,
};

function isFilter(name: string): boolean {
  return name in values || name === 'tag-key' || name.startsWith('tag:');
}

function valuesOf(seen: SeenSnapshot, filter: string): readonly string[] | undefined {
  const value = values[filter]?.(seen);
  return value === undefined ? tagValues(seen.tags, filter) : [value];
}

function snapshotXml({ snapshot: { options }, state, tags }: SeenSnapshot): Xml {
  return [
    element('snapshotId', options.id),
    element('volumeId', options.volumeId),
    element('status', state),
    timestamp('startTime', options.startedAt),
    element('progress', state === 'completed' ? '100%' : '40%'),
    element('ownerId', options.ownerId),
    element('volumeSize', options.size),
    element('description', options.description),
    element('encrypted', false),
    element('storageTier', 'standard'),
    tagSetXml(tags),
  ].join('');
}
