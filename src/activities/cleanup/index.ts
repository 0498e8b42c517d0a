import type { Client } from '@temporalio/client';
import { countCalls } from '../../aws/calls.js';
import type { AwsConnections } from '../../aws/connections.js';
import type { Setup } from '../../domain/cleanup/input.js';
import type { StackDelete, StackInFlight } from '../../domain/cleanup/deletes.js';
import type { Access } from '../../domain/cleanup/spec.js';
import type { Pace } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';
import { type Target, targetName } from '../../domain/target.js';
import { perform } from '../failure.js';
import { awaitChanges } from './await-changes.js';
import { awaitTargetFree } from './await-target-free.js';
import { deleteStacks } from './delete-stacks.js';
import { inspectTarget, type InspectTargetRequest } from './inspect-target.js';
import { type NotifySlackRequest, notifySlack } from './notify-slack.js';
import { prepareRun } from './prepare-run.js';
import { type SnapshotName, removeSnapshots } from './remove-snapshots.js';
import { removeBucket, removeContents } from './remove-bucket.js';

export interface CleanupDependencies {
  aws: AwsConnections;
  /** For waiting on other workflows. */
  client: Client;
  /** The worker's own config, for a run that brings none. */
  ownSetup: () => Promise<Setup>;
}

/** Where an activity works, and how it gets in. */
export interface InTarget {
  target: Target;
  access: Access;
  pace: Pace;
}

/** The side effects of a cleanup. Each can be repeated safely; results say how many AWS calls they took. */
export function createCleanupActivities({ aws, client, ownSetup }: CleanupDependencies) {
  const inTarget = async <T extends object>(
    doing: string,
    { target }: InTarget,
    work: (signal: AbortSignal) => Promise<T>,
  ) => {
    const { value, awsCalls } = await perform(`${doing} in ${targetName(target)}`, (signal) =>
      countCalls(() => work(signal)),
    );
    return { ...value, awsCalls };
  };

  return {
    prepareRun: (input: unknown) =>
      perform('the run can’t be prepared', (signal) =>
        prepareRun({ aws, input, ownSetup, signal }),
      ),

    inspectTarget: (request: InspectTargetRequest) =>
      inTarget('looking', request, (signal) => inspectTarget(aws, request, signal)),

    deleteStacks: (request: InTarget & { deletes: StackDelete[] }) =>
      inTarget('deleting stacks', request, async (signal) => ({
        answers: await deleteStacks(cloudFormation(request), request.deletes, signal),
      })),

    awaitChanges: (
      request: InTarget & { inFlight: StackInFlight[]; groups: string[][]; polledAt?: number },
    ) =>
      inTarget('watching deletes', request, (signal) =>
        awaitChanges({
          ...request,
          client: cloudFormation(request),
          pollInterval: parseDuration(request.pace.pollInterval),
          signal,
        }),
      ),

    emptyBucket: (request: InTarget & { bucket: string }) =>
      inTarget(`emptying bucket ${request.bucket}`, request, (signal) =>
        removeContents({ ...bucketOf(request), signal }),
      ),

    deleteBucket: (request: InTarget & { bucket: string; empty: boolean }) =>
      inTarget(`deleting bucket ${request.bucket}`, request, (signal) =>
        removeBucket({ ...bucketOf(request), signal }, request.empty),
      ),

    deleteSnapshots: (request: InTarget & { snapshots: SnapshotName[] }) =>
      inTarget('deleting RDS snapshots', request, async (signal) => ({
        outcomes: await removeSnapshots(
          aws.rds(request.target, request.access, request.pace),
          request.snapshots,
          signal,
        ),
      })),

    awaitTargetFree: ({ workflowId }: { workflowId: string }) =>
      perform(`waiting for ${workflowId}`, (signal) => awaitTargetFree(client, workflowId, signal)),

    notifySlack: (request: NotifySlackRequest) =>
      perform('telling Slack', (signal) => notifySlack(aws, request, signal)),
  };

  function cloudFormation({ target, access, pace }: InTarget) {
    return aws.cloudFormation(target, access, pace);
  }

  function bucketOf({ target, access, pace, bucket }: InTarget & { bucket: string }) {
    return { s3: aws.s3(target, access, pace), bucket, owner: target.account.id };
  }
}

export type CleanupActivities = ReturnType<typeof createCleanupActivities>;
