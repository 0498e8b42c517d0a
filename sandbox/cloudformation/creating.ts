import { type BucketStore, claimBucket } from '../core/buckets.js';
import type { Timeline } from '../core/timeline.js';
import { Stack, type Operation, type Output, type Resource } from './model.js';
import type { CloudFormationSettings } from './settings.js';
import type { Stacks } from './stacks.js';
import { argumentsOf, resolve, type Template } from './template.js';

export interface CreationRequest {
  accountId: string;
  region: string;
  name: string;
  /** Sandbox ms. */
  time: number;
  token: string | undefined;
  body: string;
  template: Template;
  parameters: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  protected: boolean;
  roleArn: string | undefined;
}

/** The life of a creation: in progress, then complete, or rolled back with the reason. */
export class Creation {
  constructor(
    private readonly stacks: Stacks,
    private readonly timeline: Timeline,
    private readonly buckets: BucketStore,
    private readonly settings: CloudFormationSettings,
  ) {}

  begin(request: CreationRequest): Stack {
    const target = this.stacks.target(request.accountId, request.region);
    const generation = target.generationOf(request.name);
    const names = namesIn(request);
    const stack = new Stack({
      ...request,
      generation,
      createdAt: request.time,
      deleteMs: this.settings.deleteSeconds * 1000,
      description: request.template.Description,
      outputs: outputsOf(request.template, names),
      imports: importsOf(request.template, names),
      stackOutputs: stackOutputsOf(request.template, names),
      template: request.body,
    });
    stack.resources = resourcesOf(request.template, stack, names);
    const operation: Operation = {
      kind: 'CREATE',
      startedAt: request.time,
      token: request.token,
      previousStatus: 'CREATE_IN_PROGRESS',
    };
    stack.operation = operation;
    if (request.token !== undefined) stack.tokens.set(request.token, 'CREATE');
    stack.setStatus(request.time, 'CREATE_IN_PROGRESS', 'User Initiated');
    target.add(stack);
    this.timeline.at(request.time + this.settings.createSeconds * 1000, (time) => {
      // A delete may have broken into the creation.
      if (stack.operation === operation) this.finish(stack, time);
    });
    return stack;
  }

  private finish(stack: Stack, time: number): void {
    const obstacle = this.obstacle(stack) ?? this.createBuckets(stack);
    if (obstacle !== undefined) {
      this.rollBack(stack, time, obstacle);
      return;
    }
    for (const resource of stack.resources) {
      if (resource.type === 'AWS::CloudFormation::Stack') this.addChild(stack, resource, time);
      stack.setResourceStatus(resource, time, 'CREATE_COMPLETE');
    }
    this.target(stack).publishExports(stack);
    stack.setStatus(time, 'CREATE_COMPLETE');
    stack.operation = undefined;
  }

  private obstacle(stack: Stack): string | undefined {
    const target = this.target(stack);
    const missing = stack.imports.find((name) => !target.exporterOf(name));
    if (missing !== undefined)
      return `No export named ${missing} found. Rollback requested by user.`;
    const taken = stack.exportNames.find((name) => target.exporterOf(name));
    const owner = taken === undefined ? undefined : target.exporterOf(taken);
    return (
      owner &&
      `Export with name ${taken ?? ''} is already exported by stack ${owner.name}. Rollback requested by user.`
    );
  }

  private createBuckets(stack: Stack): string | undefined {
    for (const resource of stack.resources) {
      if (resource.type !== 'AWS::S3::Bucket') continue;
      try {
        this.buckets.createBucket(stack.accountId, stack.region, resource.physicalId);
        const { logicalId } = resource;
        claimBucket(this.buckets, stack.accountId, resource.physicalId, {
          stackId: stack.id,
          stackName: stack.name,
          logicalId,
        });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return `The following resource(s) failed to create: [${resource.logicalId}]. ${reason}`;
      }
    }
    return undefined;
  }

  private rollBack(stack: Stack, time: number, reason: string): void {
    stack.setStatus(time, 'ROLLBACK_IN_PROGRESS', reason);
    for (const resource of stack.resources) resource.status = 'DELETE_COMPLETE';
    this.target(stack).releaseImports(stack);
    stack.outputs = [];
    stack.setStatus(time, 'ROLLBACK_COMPLETE');
    stack.operation = undefined;
  }

  /** A nested stack, empty: the sandbox doesn't fetch templates. */
  private addChild(stack: Stack, resource: Resource, time: number): void {
    const target = this.target(stack);
    const name = `${stack.name}-${resource.logicalId}-${stack.uuid.slice(0, 12).replace('-', '').toUpperCase()}`;
    const child = new Stack({
      accountId: stack.accountId,
      region: stack.region,
      name,
      generation: target.generationOf(name),
      createdAt: time,
      deleteMs: stack.deleteMs,
      tags: stack.tags,
      parent: stack,
    });
    child.setStatus(time, 'CREATE_COMPLETE');
    target.add(child);
    stack.children.set(resource.logicalId, child);
    resource.physicalId = child.id;
  }

  private target(stack: Stack) {
    return this.stacks.target(stack.accountId, stack.region);
  }
}

/** What Ref and Fn::Sub know: pseudo parameters, and parameters given or by default. */
function namesIn(request: CreationRequest): Record<string, string> {
  const defaults = Object.entries(request.template.Parameters).flatMap(([key, parameter]) =>
    parameter.Default === undefined ? [] : [[key, resolve(parameter.Default, {})] as const],
  );
  return {
    'AWS::StackName': request.name,
    'AWS::Region': request.region,
    'AWS::AccountId': request.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    ...Object.fromEntries(defaults),
    ...request.parameters,
  };
}

type Names = Readonly<Record<string, string>>;

function outputsOf(template: Template, names: Names): Output[] {
  return Object.entries(template.Outputs).map(([key, output]) => ({
    key,
    value: resolve(output.Value, names),
    description: output.Description,
    exportName: output.Export && resolve(output.Export.Name, names),
  }));
}

function importsOf(template: Template, names: Names): string[] {
  const found = [template.Resources, template.Outputs].flatMap((section) =>
    argumentsOf(section, 'Fn::ImportValue'),
  );
  return [...new Set(found.map((argument) => resolve(argument, names)))];
}

function stackOutputsOf(template: Template, names: Names) {
  return argumentsOf(template.Resources, 'Fn::GetStackOutput').flatMap((argument) => {
    if (argument === null || typeof argument !== 'object') return [];
    const given = new Map(
      Object.entries(argument).map(([key, value]) => [key, resolve(value, names)]),
    );
    return {
      stackName: given.get('StackName') ?? '',
      outputName: given.get('OutputName') ?? '',
      region: given.get('Region'),
      roleArn: given.get('RoleArn'),
    };
  });
}

function resourcesOf(template: Template, stack: Stack, names: Names): Resource[] {
  return Object.entries(template.Resources).map(
    ([logicalId, { Type, Properties, DeletionPolicy }]) => {
      const unique = `${stack.name}-${logicalId}-${stack.uuid.slice(0, 8)}`;
      const isBucket = Type === 'AWS::S3::Bucket';
      const bucket =
        Properties['BucketName'] === undefined
          ? unique.toLowerCase()
          : resolve(Properties['BucketName'], names);
      return {
        logicalId,
        type: Type,
        physicalId: isBucket ? bucket : unique,
        status: 'CREATE_IN_PROGRESS',
        updatedAt: stack.createdAt,
        retain: DeletionPolicy?.startsWith('Retain') ?? false,
      };
    },
  );
}
