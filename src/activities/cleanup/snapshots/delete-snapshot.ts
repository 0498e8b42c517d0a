import {
  type DBSnapshot,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { awsErrorCode, awsErrorMessage, isThrottling } from '../../../aws/errors.js';

export interface DeleteSnapshotRequest {
  rds: RDSClient;
  /** DBSnapshotIdentifier, as the list of snapshots gives it. */
  id: string;
  signal: AbortSignal;
}

export type DeleteSnapshotResult =
  | { kind: 'deleted' }
  /** It wasn't there (any more): as good as deleted. */
  | { kind: 'gone' }
  /** It is being created, copied, or deleted by someone else; it may be tried again later. */
  | { kind: 'not-available'; status: string }
  /** RDS (or, of type `awsbackup`, AWS Backup) keeps it and removes it itself. */
  | { kind: 'automated'; type: string }
  /** It belongs to another account. */
  | { kind: 'shared' }
  | { kind: 'refused'; code: string; message: string };

/**
 * Deletes a snapshot; it can be repeated safely. Throws what trying again later may mend (throttling, faults, the
 * network) and when `signal` aborts.
 */
export async function deleteSnapshot(
  request: DeleteSnapshotRequest,
): Promise<DeleteSnapshotResult> {
  const { rds, id, signal } = request;
  // Only what other accounts share goes by an ARN, and DeleteDBSnapshot takes none.
  if (id.startsWith('arn:')) return { kind: 'shared' };
  try {
    const command = new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id });
    await rds.send(command, { abortSignal: signal });
    return { kind: 'deleted' };
  } catch (error) {
    signal.throwIfAborted();
    const code = awsErrorCode(error);
    if (code === undefined || isThrottling(error)) throw error;
    if (isNotFound(error)) return { kind: 'gone' };
    if (code.startsWith('InvalidDBSnapshotState')) return explain(request);
    if (!refusals.has(code)) throw error;
    return { kind: 'refused', code, message: awsErrorMessage(error) };
  }
}

const refusals = new Set(['AccessDenied', 'InvalidParameterValue', 'KMSKeyNotAccessibleFault']);

/** InvalidDBSnapshotState means several things; the snapshot itself says which. */
async function explain(request: DeleteSnapshotRequest): Promise<DeleteSnapshotResult> {
  const snapshot = (await find(request)) ?? (await find(request, 'automated'));
  if (!snapshot) return { kind: 'gone' };
  const { SnapshotType: type = 'manual', Status: status = 'unknown' } = snapshot;
  return type === 'manual' ? { kind: 'not-available', status } : { kind: 'automated', type };
}

/** "If this identifier is for an automated snapshot, the SnapshotType parameter must also be specified." */
async function find(
  { rds, id, signal }: DeleteSnapshotRequest,
  SnapshotType?: string,
): Promise<DBSnapshot | undefined> {
  try {
    const command = new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id, SnapshotType });
    const { DBSnapshots } = await rds.send(command, { abortSignal: signal });
    return DBSnapshots?.[0];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return awsErrorCode(error)?.startsWith('DBSnapshotNotFound') ?? false;
}
