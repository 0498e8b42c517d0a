export {
  deleteSnapshot,
  type DeleteSnapshotRequest,
  type DeleteSnapshotResult,
} from './delete-snapshot.js';
export {
  listSnapshots,
  type ListSnapshotsRequest,
  type SnapshotResource,
} from './list-snapshots.js';
