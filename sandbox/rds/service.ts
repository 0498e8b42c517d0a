import { AwsError } from '../core/aws-error.js';
import {
  type QueryCall,
  type QueryResult,
  QueryService,
  requiredParameter,
} from '../core/aws-query.js';
import type { ServiceContext } from '../core/service.js';
import { describeSnapshots } from './describe.js';
import { snapshotXml, tagListXml } from './snapshot-xml.js';
import {
  identifier,
  type Snapshot,
  snapshotFrom,
  type SnapshotSeed,
  statusAt,
} from './snapshot.js';
import { snapshotNotFound, SnapshotStore } from './store.js';

const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';

export class RdsService extends QueryService {
  private readonly snapshots: SnapshotStore;

  constructor(private readonly context: ServiceContext) {
    const store = new SnapshotStore();
    const now = () => context.clock.now();
    super(
      ['rds'],
      namespace,
      now,
      new Map([
        ['DescribeDBSnapshots', (call: QueryCall) => describeSnapshots(store, call)],
        ['DeleteDBSnapshot', (call: QueryCall) => deleteSnapshot(store, call)],
        ['ListTagsForResource', (call: QueryCall) => listTags(store, call)],
        ['AddTagsToResource', (call: QueryCall) => addTags(store, call)],
      ]),
      (parameters) => parameters.get('DBSnapshotIdentifier') ?? undefined,
    );
    this.snapshots = store;
  }

  /** Puts a snapshot there; CloudFormation does so for a database with DeletionPolicy Snapshot. */
  seed(seed: SnapshotSeed): Snapshot {
    const snapshot = snapshotFrom(seed, this.context.clock.now());
    this.snapshots.add(snapshot);
    return snapshot;
  }

  /** The ids of the snapshots that an account has in a region. */
  snapshotIds(accountId: string, region: string): string[] {
    return this.snapshots.owned(accountId, region).map((snapshot) => snapshot.id);
  }
}

function deleteSnapshot(store: SnapshotStore, call: QueryCall): QueryResult {
  const id = requiredParameter(call.parameters, 'DBSnapshotIdentifier');
  const snapshot = store.find(call.accountId, call.region, id);
  // Only an own snapshot goes by a name that this call takes: one that is shared in goes by its ARN.
  if (!snapshot && !identifier.test(id)) throw invalidIdentifier();
  if (!snapshot) throw snapshotNotFound(id);
  if (snapshot.type === 'automated')
    throw new AwsError('InvalidDBSnapshotState', 'automated snapshots cannot be deleted.');
  const status = statusAt(snapshot, call.now);
  if (status !== 'available')
    throw new AwsError(
      'InvalidDBSnapshotState',
      `Cannot delete the snapshot because it is not currently in the available state: ${status}.`,
    );
  store.remove(snapshot);
  const seen = { snapshot, id: snapshot.id, type: snapshot.type };
  return { xml: snapshotXml(seen, 'deleted'), subject: snapshot.arn, effective: true };
}

function listTags(store: SnapshotStore, call: QueryCall): QueryResult {
  const snapshot = taggedResource(store, call);
  return { xml: tagListXml(snapshot.tags), subject: snapshot.arn };
}

function addTags(store: SnapshotStore, call: QueryCall): QueryResult {
  const snapshot = taggedResource(store, call);
  for (let index = 1; ; index++) {
    const key = call.parameters.get(`Tags.Tag.${index}.Key`);
    if (key === null) return { subject: snapshot.arn, effective: true };
    snapshot.tags.set(key, call.parameters.get(`Tags.Tag.${index}.Value`) ?? '');
  }
}

function taggedResource(store: SnapshotStore, call: QueryCall): Snapshot {
  const arn = requiredParameter(call.parameters, 'ResourceName');
  const snapshot = store.findArn(arn);
  if (snapshot?.accountId !== call.accountId || snapshot.region !== call.region)
    throw snapshotNotFound(arn);
  return snapshot;
}

function invalidIdentifier(): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    'The parameter DBSnapshotIdentifier is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.',
  );
}
