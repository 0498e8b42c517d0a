import {
  type CloudFormationClient,
  type Stack,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import pLimit from 'p-limit';
import { awsErrorMessage } from '../../aws/errors.js';
import type { InspectedStack } from '../../domain/cleanup/inspection.js';
import type { Reference } from '../../domain/cleanup/plan.js';
import type { JsonObject, Policy } from '../../domain/policy/index.js';
import type { Target } from '../../domain/target.js';
import { toJson } from './json.js';
import { listExports, listImporters, listStacks } from './list-stacks.js';
import { type Choice, selectByPolicies } from './select-by-policies.js';
import { stackOutputReferences } from './template-references.js';

/** Calls made at the same time; the pacer sets how many a second. */
const atOnce = 8;

export interface StackInspection {
  selected: InspectedStack[];
  /** Root stacks that live in the target. */
  living: number;
  /** StackIds of all living stacks. */
  ids: Set<string>;
}

export interface InspectStacksOptions {
  client: CloudFormationClient;
  target: Target;
  policies: readonly Policy[];
  now: Date;
  /** Look every candidate's termination protection up by name. */
  certain: boolean;
  signal: AbortSignal;
}

/** Selects the stacks of a target and finds out what must go before each. */
export async function inspectStacks(options: InspectStacksOptions): Promise<StackInspection> {
  const { client, signal } = options;
  const stacks = await listStacks(client, signal);
  const family = new Family(stacks);
  const chosen = choose(stacks, options);
  const living = stacks.filter((stack) => family.isRoot(stack)).length;
  const ids = new Set(stacks.flatMap((stack) => stack.StackId ?? []));

  const roots = chosen.filter(({ stack }) => family.isRoot(stack));
  const importers = await findImporters(
    roots.map(({ stack }) => stack),
    family,
    client,
    signal,
  );
  const readers = await findReaders(
    roots.map(({ stack }) => stack),
    options,
  );
  const protection = options.certain
    ? await lookUpProtection(
        roots.map(({ stack }) => stack),
        client,
        signal,
      )
    : undefined;

  const selected = chosen.map(({ stack, policy, refusal }): InspectedStack => {
    const id = stack.StackId ?? '';
    const root = family.isRoot(stack) ? undefined : family.rootOf(id);
    return {
      kind: 'stack',
      id,
      name: stack.StackName ?? id,
      policy: policy.name,
      status: stack.StackStatus ?? 'UNKNOWN',
      protected: protection?.get(id) ?? stack.EnableTerminationProtection ?? false,
      importers: importers.get(id) ?? [],
      readers: readers.get(id) ?? [],
      ...(refusal === undefined ? {} : { refusal }),
      ...(root ? { root } : {}),
      ...(stack.RoleARN === undefined ? {} : { roleArn: stack.RoleARN }),
    };
  });
  return { selected, living, ids };
}

function choose(
  stacks: readonly Stack[],
  { policies, target, now }: InspectStacksOptions,
): (Choice<JsonObject> & { stack: Stack })[] {
  const resources = stacks.map(toJson);
  const byResource = new Map(resources.map((resource, index) => [resource, stacks[index]]));
  const context = { now, accountId: target.account.id, region: target.region };
  return selectByPolicies(policies, resources, context).flatMap((choice) => {
    const stack = byResource.get(choice.resource);
    return stack ? [{ ...choice, stack }] : [];
  });
}

/** Which living stack each stack belongs to. A nested stack goes with its root; an orphaned child is a root. */
class Family {
  private readonly byId: Map<string, Stack>;
  private readonly byName: Map<string, string>;

  constructor(stacks: readonly Stack[]) {
    this.byId = new Map(stacks.map((stack) => [stack.StackId ?? '', stack]));
    this.byName = new Map(stacks.map((stack) => [stack.StackName ?? '', stack.StackId ?? '']));
  }

  isRoot(stack: Stack): boolean {
    return this.rootOf(stack.StackId ?? '')?.id === stack.StackId;
  }

  /** The living stack at the top of this one's nest: itself, when its parents are gone. */
  rootOf(id: string): Reference | undefined {
    let stack = this.byId.get(id);
    for (let parent = stack; parent; parent = this.byId.get(stack?.ParentId ?? '')) stack = parent;
    return stack ? { id: stack.StackId ?? '', name: stack.StackName ?? '' } : undefined;
  }

  rootOfName(name: string): Reference {
    const id = this.byName.get(name);
    // An importer that was not listed is new since: named as it is, it blocks.
    return (id === undefined ? undefined : this.rootOf(id)) ?? { id: name, name };
  }
}

async function findImporters(
  roots: readonly Stack[],
  family: Family,
  client: CloudFormationClient,
  signal: AbortSignal,
): Promise<Map<string, Reference[]>> {
  const importers = new Map<string, Reference[]>();
  if (roots.length === 0) return importers;
  const wanted = new Set(roots.map((stack) => stack.StackId));
  const exports = (await listExports(client, signal)).flatMap(({ name, stackId }) => {
    const root = family.rootOf(stackId);
    return root && wanted.has(root.id) ? [{ name, root }] : [];
  });
  await pLimit(atOnce).map(exports, async ({ name, root }) => {
    const known = importers.get(root.id) ?? [];
    importers.set(root.id, known);
    for (const importer of await listImporters(client, name, signal)) {
      const reference = family.rootOfName(importer);
      // Stacks nested in the same root import from each other; they go together.
      if (reference.id !== root.id && !known.some(({ id }) => id === reference.id))
        known.push(reference);
    }
  });
  return importers;
}

/** Per stack, the selected stacks whose templates read its outputs: no list of AWS's shows those. */
async function findReaders(
  roots: readonly Stack[],
  { client, target, signal }: InspectStacksOptions,
): Promise<Map<string, string[]>> {
  const readers = new Map<string, string[]>();
  const byName = new Map(roots.map((stack) => [stack.StackName ?? '', stack.StackId ?? '']));
  // Where no other stack has an output, there is nothing to read.
  const producers = roots.filter((stack) => (stack.Outputs?.length ?? 0) > 0);
  if (producers.length === 0) return readers;
  await pLimit(atOnce).map([...roots], async (stack) => {
    if (producers.every((producer) => producer === stack)) return;
    const template = await getTemplate(client, stack.StackId ?? '', signal);
    const parameters = new Map(
      (stack.Parameters ?? []).map((p) => [
        p.ParameterKey ?? '',
        p.ResolvedValue ?? p.ParameterValue ?? '',
      ]),
    );
    for (const name of stackOutputReferences(template, parameters, target)) {
      const producer = byName.get(name) ?? name;
      const known = readers.get(producer) ?? [];
      readers.set(producer, [...known, stack.StackId ?? '']);
    }
  });
  return readers;
}

async function getTemplate(
  client: CloudFormationClient,
  stackId: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    // The processed template is what the stack's values were resolved from.
    const { TemplateBody } = await client.send(
      new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Processed' }),
      { abortSignal: signal },
    );
    return TemplateBody ?? '';
  } catch (error) {
    // Gone since it was listed, or in review with no template yet: it reads nothing then.
    if (/does not exist|has not been|no template|not ready/i.test(awsErrorMessage(error)))
      return '';
    throw error;
  }
}

/**
 * DescribeStacks without a name may leave EnableTerminationProtection out, or false
 * (boto/boto3#2907): asked by StackId it is certain.
 */
async function lookUpProtection(
  roots: readonly Stack[],
  client: CloudFormationClient,
  signal: AbortSignal,
): Promise<Map<string, boolean>> {
  const protection = new Map<string, boolean>();
  await pLimit(atOnce).map([...roots], async ({ StackId, EnableTerminationProtection }) => {
    if (StackId === undefined) return;
    if (EnableTerminationProtection === true) {
      protection.set(StackId, true);
      return;
    }
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: StackId }), {
      abortSignal: signal,
    });
    protection.set(StackId, Stacks?.[0]?.EnableTerminationProtection ?? false);
  });
  return protection;
}
