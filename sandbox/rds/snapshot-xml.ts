import { element, timestamp, wrap, type Xml } from '../core/xml.js';
import type { Seen } from './describe.js';
import { statusAt } from './snapshot.js';

export function snapshotsXml(page: readonly Seen[], now: number): Xml {
  return wrap(
    'DBSnapshots',
    ...page.map((seen) => snapshotXml(seen, statusAt(seen.snapshot, now))),
  );
}

export function snapshotXml({ snapshot, id, type }: Seen, status: string): Xml {
  // The tags of a snapshot stay with the account that owns it.
  const isOwn = type === 'manual' || type === 'automated';
  return wrap(
    'DBSnapshot',
    element('DBSnapshotIdentifier', id),
    element('DBSnapshotArn', snapshot.arn),
    element('DBInstanceIdentifier', snapshot.instance),
    timestamp('SnapshotCreateTime', snapshot.createdAt),
    timestamp('OriginalSnapshotCreateTime', snapshot.createdAt),
    element('Status', status),
    element('PercentProgress', status === 'creating' ? 50 : 100),
    element('SnapshotType', type),
    element('Engine', snapshot.engine),
    element('EngineVersion', snapshot.engineVersion),
    element('LicenseModel', 'general-public-license'),
    element('AllocatedStorage', snapshot.allocatedStorage),
    element('StorageType', 'gp3'),
    element('Port', 5432),
    element('AvailabilityZone', `${snapshot.region}a`),
    element('MasterUsername', 'admin'),
    element('Encrypted', snapshot.encrypted),
    element('IAMDatabaseAuthenticationEnabled', false),
    element('SnapshotTarget', 'region'),
    isOwn ? tagListXml(snapshot.tags) : '',
  );
}

export function tagListXml(tags: ReadonlyMap<string, string>): Xml {
  const members = [...tags].map(([key, value]) =>
    wrap('Tag', element('Key', key), element('Value', value)),
  );
  return wrap('TagList', ...members);
}
