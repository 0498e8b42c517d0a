import type { BucketStore } from '../core/buckets.js';
import type { Timeline } from '../core/timeline.js';
import { bucketNotEmpty, failureReason } from './failure-reasons.js';
import type { Operation, Resource, Stack } from './model.js';
import type { CloudFormationSettings } from './settings.js';
import type { Stacks } from './stacks.js';

export interface DeleteOptions {
  token?: string | undefined;
  retain?: ReadonlySet<string>;
  force?: boolean;
  /** `DeploymentConfig.Mode: EXPRESS`: DELETE_COMPLETE before the resources are gone. */
  express?: boolean;
}

type Outcome = 'deleted' | 'failed' | 'cancelled';

interface DeleteRun extends Operation {
  retain: ReadonlySet<string>;
  force: boolean;
  express: boolean;
  /** Parts (the stack's own resources, each nested stack) that have not ended yet. */
  pending: number;
  onEnd: (time: number, outcome: Outcome) => void;
}

export interface Orphan {
  stackId: string;
  logicalId: string;
  physicalId: string;
  type: string;
}

export interface DeletionDependencies {
  stacks: Stacks;
  timeline: Timeline;
  buckets: BucketStore;
  settings: CloudFormationSettings;
}

/** The life of a delete: asked for, exports looked at, resources going, then gone, failed or called off. */
export class Deletion {
  /** Resources that a delete left behind (retained, or FORCE_DELETE_STACK). */
  readonly orphans: Orphan[] = [];

  constructor(private readonly dependencies: DeletionDependencies) {}

  begin(
    stack: Stack,
    time: number,
    options: DeleteOptions = {},
    onEnd: DeleteRun['onEnd'] = () => undefined,
  ): void {
    const run: DeleteRun = {
      kind: 'DELETE',
      startedAt: time,
      token: options.token,
      previousStatus: stack.status,
      retain: options.retain ?? new Set(),
      force: options.force ?? false,
      express: options.express ?? false,
      pending: 0,
      onEnd,
    };
    stack.operation = run;
    stack.deletionTime = time;
    stack.deletionMode = run.force ? 'FORCE_DELETE_STACK' : 'STANDARD';
    this.target(stack).busyResources += stack.resources.length;
    stack.setStatus(time, 'DELETE_IN_PROGRESS', stack.parent ? undefined : 'User Initiated');
    const look = Math.min(this.dependencies.settings.exportCheckSeconds * 1000, stack.deleteMs);
    this.dependencies.timeline.at(time + look, (t) => this.lookAtExports(stack, run, t));
  }

  /** The check is not part of DeleteStack, which has long been accepted (serverless/serverless#3589). */
  private lookAtExports(stack: Stack, run: DeleteRun, time: number): void {
    const used = this.exportInUse(stack);
    if (used) {
      const importers = used.importers.map((importer) => importer.name).join(', ');
      const reason = `Delete canceled. Cannot delete export ${used.exportName} as it is in use by ${importers}.`;
      stack.deletionTime = undefined;
      stack.deletionMode = undefined;
      this.end(stack, run, time, 'cancelled', run.previousStatus, reason);
      return;
    }
    if (run.express) this.completeEarly(stack, run, time);
    else this.removeResources(stack, run, time);
  }

  private exportInUse(stack: Stack): { exportName: string; importers: Stack[] } | undefined {
    const target = this.target(stack);
    for (const exportName of stack.exportNames) {
      const importers = target.importers(exportName).filter((other) => other.root !== stack.root);
      if (importers.length > 0) return { exportName, importers };
    }
    return undefined;
  }

  private removeResources(stack: Stack, run: DeleteRun, time: number): void {
    const live = stack.liveResources;
    run.pending = 1;
    for (const resource of live) {
      if (run.retain.has(resource.logicalId) || resource.retain) continue;
      stack.setResourceStatus(resource, time, 'DELETE_IN_PROGRESS');
      const child = stack.children.get(resource.logicalId);
      if (!child || child.isDeleted) continue;
      run.pending += 1;
      this.begin(child, time, { token: run.token }, (t) => this.endPart(stack, run, t));
    }
    // After a failure only what is left has to go.
    const share = stack.resources.length === 0 ? 1 : live.length / stack.resources.length;
    const ownEnd = Math.max(time, run.startedAt + stack.deleteMs * share);
    const end = this.waitForInterfaces(stack, run, time, ownEnd);
    this.dependencies.timeline.at(end, (t) => this.endPart(stack, run, t));
  }

  private waitForInterfaces(stack: Stack, run: DeleteRun, time: number, ownEnd: number): number {
    let end = ownEnd;
    for (const failure of stack.failures) {
      if (failure.spec.kind !== 'networkInterfaces') continue;
      failure.firstAttemptAt ??= run.startedAt;
      const clean = failure.firstAttemptAt + failure.spec.seconds * 1000;
      const lambda = resourceOf(stack, failure.spec.resource, 'AWS::Lambda::Function');
      if (clean <= time || !lambda) continue;
      stack.setResourceStatus(
        lambda,
        time,
        'DELETE_IN_PROGRESS',
        'CloudFormation is waiting for NetworkInterfaces associated with the Lambda Function to be cleaned up.',
      );
      end = Math.max(end, clean);
    }
    return end;
  }

  private endPart(stack: Stack, run: DeleteRun, time: number): void {
    run.pending -= 1;
    if (run.pending === 0) this.finish(stack, run, time);
  }

  private finish(stack: Stack, run: DeleteRun, time: number): void {
    const failed: Resource[] = [];
    for (const resource of stack.liveResources) {
      const reason = this.reasonToStay(stack, run, resource, time);
      if (
        run.retain.has(resource.logicalId) ||
        resource.retain ||
        (run.force && reason !== undefined)
      )
        this.leaveBehind(stack, resource, time);
      else if (reason !== undefined) {
        stack.setResourceStatus(resource, time, 'DELETE_FAILED', reason);
        failed.push(resource);
      } else stack.setResourceStatus(resource, time, 'DELETE_COMPLETE');
    }
    if (failed.length === 0) return this.complete(stack, run, time);
    const names = failed.map((resource) => resource.logicalId).join(', ');
    const reason = `The following resource(s) failed to delete: [${names}]. `;
    this.end(stack, run, time, 'failed', 'DELETE_FAILED', reason);
  }

  private reasonToStay(
    stack: Stack,
    run: DeleteRun,
    resource: Resource,
    time: number,
  ): string | undefined {
    if (run.retain.has(resource.logicalId) || resource.retain) return undefined;
    const child = stack.children.get(resource.logicalId);
    if (child && !child.isDeleted)
      return `Embedded stack ${child.id} was not successfully deleted: ${child.statusReason ?? child.status}`;
    const reason = failureReason(stack, resource, run.startedAt, time);
    if (reason !== undefined || resource.type !== 'AWS::S3::Bucket') return reason;
    const { buckets } = this.dependencies;
    if (buckets.isEmpty(stack.accountId, stack.region, resource.physicalId)) {
      buckets.deleteBucket(stack.accountId, stack.region, resource.physicalId);
      return undefined;
    }
    return bucketNotEmpty(resource.physicalId);
  }

  private leaveBehind(stack: Stack, resource: Resource, time: number): void {
    stack.setResourceStatus(resource, time, 'DELETE_SKIPPED');
    const { logicalId, physicalId, type } = resource;
    this.orphans.push({ stackId: stack.id, logicalId, physicalId, type });
  }

  private complete(stack: Stack, run: DeleteRun, time: number): void {
    stack.deletedAt = time;
    this.target(stack).retire(stack);
    this.end(stack, run, time, 'deleted', 'DELETE_COMPLETE');
  }

  /** An express delete is over for its caller while the resources are still going. */
  private completeEarly(stack: Stack, run: DeleteRun, time: number): void {
    this.complete(stack, run, time);
    this.dependencies.timeline.at(run.startedAt + stack.deleteMs, (t) => {
      for (const resource of stack.liveResources) {
        const status = this.reasonToStay(stack, run, resource, t)
          ? 'DELETE_FAILED'
          : 'DELETE_COMPLETE';
        stack.setResourceStatus(resource, t, status);
      }
    });
  }

  private end(
    stack: Stack,
    run: DeleteRun,
    time: number,
    outcome: Outcome,
    status: string,
    reason?: string,
  ): void {
    stack.setStatus(time, status, reason);
    stack.operation = undefined;
    this.target(stack).busyResources -= stack.resources.length;
    run.onEnd(time, outcome);
  }

  private target(stack: Stack) {
    return this.dependencies.stacks.target(stack.accountId, stack.region);
  }
}

export function resourceOf(
  stack: Stack,
  logicalId: string | undefined,
  type: string,
): Resource | undefined {
  return stack.resources.find((resource) =>
    logicalId === undefined ? resource.type === type : resource.logicalId === logicalId,
  );
}
