import { createHash } from 'node:crypto';
import type { StackFailure } from './failures.js';

export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'DELETE_SKIPPED';

export interface Resource {
  logicalId: string;
  physicalId: string;
  type: string;
  status: ResourceStatus;
  statusReason?: string | undefined;
  /** Sandbox ms of the last change. */
  updatedAt: number;
  /** `DeletionPolicy: Retain`: left where it is when the stack goes. */
  retain: boolean;
}

export interface Output {
  key: string;
  value: string;
  description?: string | undefined;
  exportName?: string | undefined;
}

/** A reference by `Fn::GetStackOutput`: it orders deletes, but nothing enforces it. */
export interface StackOutputReference {
  stackName: string;
  outputName: string;
  region?: string | undefined;
  roleArn?: string | undefined;
}

export interface StackEvent {
  time: number;
  /** The resource that the event is about; undefined for the stack itself. */
  resource: Resource | undefined;
  status: string;
  reason: string | undefined;
  token: string | undefined;
}

/** What a stack is doing: only one at a time, and a new one makes what was scheduled for the old one void. */
export interface Operation {
  kind: 'CREATE' | 'UPDATE' | 'DELETE' | 'OTHER';
  startedAt: number;
  token: string | undefined;
  /** Where the stack returns to when a delete is called off. */
  previousStatus: string;
}

export interface StackInit {
  accountId: string;
  region: string;
  name: string;
  /** How many stacks of this name there were before: it makes the StackId new. */
  generation: number;
  createdAt: number;
  deleteMs: number;
  tags?: Readonly<Record<string, string>>;
  parameters?: Readonly<Record<string, string>>;
  description?: string | undefined;
  outputs?: readonly Output[];
  imports?: readonly string[];
  stackOutputs?: readonly StackOutputReference[];
  resources?: readonly Resource[];
  protected?: boolean;
  roleArn?: string | undefined;
  template?: string | undefined;
  templateFormat?: 'json' | 'yaml';
  failures?: readonly StackFailure[];
  parent?: Stack | undefined;
}

/** One stack, from its creation until 90 days after its end. */
export class Stack {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly uuid: string;
  readonly id: string;
  readonly createdAt: number;
  readonly parent: Stack | undefined;
  readonly children = new Map<string, Stack>();
  readonly tokens = new Map<string, Operation['kind']>();
  readonly events: StackEvent[] = [];
  readonly imports: readonly string[];
  readonly stackOutputs: readonly StackOutputReference[];
  readonly template: string | undefined;
  readonly templateFormat: 'json' | 'yaml';
  readonly parameters: Readonly<Record<string, string>>;
  readonly description: string | undefined;
  deleteMs: number;
  tags: Readonly<Record<string, string>>;
  outputs: readonly Output[];
  resources: Resource[];
  protected: boolean;
  roleArn: string | undefined;
  failures: StackFailure[];
  status = 'CREATE_IN_PROGRESS';
  statusReason: string | undefined;
  updatedAt: number | undefined;
  /** When its delete was asked for last. */
  deletionTime: number | undefined;
  deletedAt: number | undefined;
  deletionMode: string | undefined;
  operation: Operation | undefined;
  /** Answer to DescribeStacks as last written; undefined after any change. */
  xml: string | undefined;

  constructor(init: StackInit) {
    this.accountId = init.accountId;
    this.region = init.region;
    this.name = init.name;
    this.uuid = uuidOf(`${init.accountId}/${init.region}/${init.name}/${init.generation}`);
    this.id = `arn:aws:cloudformation:${init.region}:${init.accountId}:stack/${init.name}/${this.uuid}`;
    this.createdAt = init.createdAt;
    this.parent = init.parent;
    this.deleteMs = init.deleteMs;
    this.tags = init.tags ?? {};
    this.parameters = init.parameters ?? {};
    this.description = init.description;
    this.outputs = init.outputs ?? [];
    this.imports = init.imports ?? [];
    this.stackOutputs = init.stackOutputs ?? [];
    this.resources = [...(init.resources ?? [])];
    this.protected = init.protected ?? false;
    this.roleArn = init.roleArn;
    this.template = init.template;
    this.templateFormat = init.templateFormat ?? 'json';
    this.failures = [...(init.failures ?? [])];
  }

  get root(): Stack {
    return this.parent?.root ?? this;
  }

  get isDeleted(): boolean {
    return this.deletedAt !== undefined;
  }

  get exportNames(): string[] {
    return this.outputs.flatMap((output) => output.exportName ?? []);
  }

  /** Resources that are still there. */
  get liveResources(): Resource[] {
    return this.resources.filter((resource) => !isGone(resource));
  }

  setStatus(time: number, status: string, reason?: string): void {
    this.status = status;
    this.statusReason = reason;
    this.record(time, undefined, status, reason);
  }

  setResourceStatus(
    resource: Resource,
    time: number,
    status: ResourceStatus,
    reason?: string,
  ): void {
    resource.status = status;
    resource.statusReason = reason;
    resource.updatedAt = time;
    this.record(time, resource, status, reason);
  }

  /** The status as of a moment in the past, for stale reads; undefined before the stack was there. */
  statusAt(time: number): { status: string; reason: string | undefined } | undefined {
    for (let index = this.events.length - 1; index >= 0; index--) {
      const event = this.events[index];
      if (event && event.resource === undefined && event.time <= time)
        return { status: event.status, reason: event.reason };
    }
    return undefined;
  }

  private record(
    time: number,
    resource: Resource | undefined,
    status: string,
    reason: string | undefined,
  ): void {
    this.events.push({ time, resource, status, reason, token: this.operation?.token });
    this.xml = undefined;
  }
}

export function isGone(resource: Resource): boolean {
  return resource.status === 'DELETE_COMPLETE' || resource.status === 'DELETE_SKIPPED';
}

/** The same fleet gives the same StackIds each time it is started. */
function uuidOf(text: string): string {
  const hex = createHash('sha1').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}
