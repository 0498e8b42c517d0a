import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { awsErrorMessage } from '../../aws/errors.js';
import type { Settlement, StackInFlight } from '../../domain/cleanup/deletes.js';
import { readExportInUse } from '../../domain/cleanup/refusal.js';
import { attemptEvents, explaining } from './stack-events.js';

export interface SettlementOptions {
  client: CloudFormationClient;
  stack: StackInFlight;
  /** Milliseconds after which a delete that shows no event is taken for one that never began. */
  giveUpAfter: number;
  signal: AbortSignal;
}

/** Asks how one delete stands; nothing while it goes on, or while AWS's answer can't be trusted yet. */
export async function settlementOf(options: SettlementOptions): Promise<Settlement | undefined> {
  const { client, stack, signal } = options;
  const { stackId } = stack;
  const described = await describe(client, stackId, signal);
  const at = now();
  // A StackId is described for 90 days after its deletion. Not even then: it is long gone.
  if (!described) return { stackId, kind: 'deleted', at };
  const status = described.StackStatus ?? 'UNKNOWN';
  switch (status) {
    case 'DELETE_COMPLETE':
      return { stackId, kind: 'deleted', at, ...(await skipped(options)) };
    case 'DELETE_IN_PROGRESS':
      return timedOut(options, status);
    case 'DELETE_FAILED':
      return failed(options, described);
    default:
      return restored(options, status);
  }
}

async function describe(
  client: CloudFormationClient,
  stackId: string,
  signal: AbortSignal,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackId }), {
      abortSignal: signal,
    });
    return Stacks?.[0];
  } catch (error) {
    // Only this very message, for this very id: other ValidationErrors mean anything but "gone".
    const message = awsErrorMessage(error);
    if (/does not exist/i.test(message) && message.includes(stackId)) return undefined;
    throw error;
  }
}

/** What a retained or forced delete left behind, for the ledger. */
async function skipped({ client, stack, signal }: SettlementOptions) {
  if (!stack.readSkipped) return {};
  const events = await attemptEvents(client, stack.stackId, attempt(stack), signal);
  return { events: explaining(events).filter(({ status }) => status === 'DELETE_SKIPPED') };
}

function timedOut({ stack }: SettlementOptions, status: string): Settlement | undefined {
  if (Date.now() <= Date.parse(stack.deadline)) return undefined;
  return { stackId: stack.stackId, kind: 'timed-out', status, at: now() };
}

async function failed(
  options: SettlementOptions,
  described: Stack,
): Promise<Settlement | undefined> {
  const { client, stack, signal } = options;
  const events = await attemptEvents(client, stack.stackId, attempt(stack), signal);
  const own = events.find(
    (event) =>
      event.PhysicalResourceId === stack.stackId && event.ResourceStatus === 'DELETE_FAILED',
  );
  // DELETE_FAILED with no such event of this attempt is a former attempt's, read late.
  if (!own) return notBegun(options, 'DELETE_FAILED', events.length > 0);
  return {
    stackId: stack.stackId,
    kind: 'failed',
    at: now(),
    events: explaining(events),
    ...(described.StackStatusReason === undefined ? {} : { reason: described.StackStatusReason }),
  };
}

/**
 * Any other status after an accepted delete: CloudFormation took it back, because an export is in
 * use; or the status is an old one, read too soon. Only an event of this attempt tells.
 */
async function restored(
  options: SettlementOptions,
  status: string,
): Promise<Settlement | undefined> {
  const { client, stack, signal } = options;
  const events = await attemptEvents(client, stack.stackId, attempt(stack), signal);
  for (const { ResourceStatusReason: reason } of events) {
    const inUse = reason === undefined ? undefined : readExportInUse(reason);
    if (!inUse || reason === undefined) continue;
    return {
      stackId: stack.stackId,
      kind: 'restored',
      status,
      reason,
      importers: inUse.importers,
      events: explaining(events),
      at: now(),
    };
  }
  return notBegun(options, status, events.length > 0);
}

function notBegun(
  { stack, giveUpAfter }: SettlementOptions,
  status: string,
  begun: boolean,
): Settlement | undefined {
  if (begun || Date.now() - Date.parse(stack.startedAt) < giveUpAfter) return undefined;
  return { stackId: stack.stackId, kind: 'not-begun', status, at: now() };
}

function attempt({ token, startedAt }: StackInFlight): { token?: string; since: string } {
  return { since: startedAt, ...(token === undefined ? {} : { token }) };
}

/**
 * When a delete was seen to have ended. AWS's own DeletionTime is that of the beginning, and all
 * times of a run are to be of one clock.
 */
function now(): string {
  return new Date().toISOString();
}
