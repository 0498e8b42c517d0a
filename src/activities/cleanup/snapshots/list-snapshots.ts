import { type DBSnapshot, DescribeDBSnapshotsCommand, type RDSClient } from '@aws-sdk/client-rds';
import { z } from 'zod';
import { type JsonObject, jsonSchema } from '../../../domain/policy/json.js';

export interface ListSnapshotsRequest {
  rds: RDSClient;
  signal: AbortSignal;
  /** Snapshots a page, 20 to 100; 100 unless given. */
  pageSize?: number;
}

/** A snapshot as Cloud Custodian's `aws.rds-snapshot` resources are: dates as ISO 8601, `TagList` renamed to `Tags`. */
export interface SnapshotResource extends JsonObject {
  DBSnapshotIdentifier: string;
  DBSnapshotArn: string;
  SnapshotType: string;
  Status: string;
  Tags: { Key: string; Value: string }[];
}

/** The account's own snapshots of a region, manual and automated ones, a page at a time. */
export async function* listSnapshots({
  rds,
  signal,
  pageSize = 100,
}: ListSnapshotsRequest): AsyncGenerator<SnapshotResource[]> {
  let Marker: string | undefined;
  do {
    const page = await rds.send(new DescribeDBSnapshotsCommand({ MaxRecords: pageSize, Marker }), {
      abortSignal: signal,
    });
    if (page.DBSnapshots && page.DBSnapshots.length > 0) yield page.DBSnapshots.map(resourceOf);
    Marker = page.Marker;
  } while (Marker !== undefined && Marker !== '');
}

const plainSchema = z.record(z.string(), jsonSchema);

function resourceOf({ TagList, ...snapshot }: DBSnapshot): SnapshotResource {
  // Through JSON: dates become text, and what the SDK leaves undefined goes.
  const plain = plainSchema.parse(JSON.parse(JSON.stringify(snapshot)));
  return {
    ...plain,
    DBSnapshotIdentifier: snapshot.DBSnapshotIdentifier ?? '',
    DBSnapshotArn: snapshot.DBSnapshotArn ?? '',
    SnapshotType: snapshot.SnapshotType ?? '',
    Status: snapshot.Status ?? '',
    Tags: (TagList ?? []).map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' })),
  };
}
