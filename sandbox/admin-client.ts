import { z } from 'zod';
import {
  bucketStateSchema,
  ledgerEntrySchema,
  ledgerSummarySchema,
  logTextSchema,
  orphanSchema,
  stackStateSchema,
  stateSchema,
  type StackChange,
} from './admin/schema.js';
import type { FaultInput } from './faults/schema.js';
import type { PlacedStackInput } from './fleet/stack-schema.js';

export interface LedgerQuery {
  account?: string;
  region?: string;
  service?: string;
  action?: string;
  subject?: string;
  outcome?: string;
  effective?: boolean;
  /** Index of the first entry wanted. */
  since?: number;
  /** At most this many, the newest. */
  limit?: number;
}

export interface StackQuery {
  account?: string;
  region?: string;
  name?: string;
  id?: string;
  status?: string;
}

const nothing = z.unknown().transform(() => undefined);

/** Speaks to the admin API of a sandbox in another process. Every method rejects with the sandbox's own message. */
export class SandboxAdmin {
  /** @param url of the sandbox, `http://127.0.0.1:4777`. */
  constructor(private readonly url: string) {}

  state() {
    return this.call('GET', 'state', stateSchema);
  }

  ledger(query: LedgerQuery = {}) {
    return this.call('GET', `ledger?${searchOf(query)}`, z.array(ledgerEntrySchema));
  }

  /** Counts over every call so far, those that the ledger no longer keeps included. */
  ledgerSummary() {
    return this.call('GET', 'ledger/summary', ledgerSummarySchema);
  }

  clearLedger() {
    return this.call('DELETE', 'ledger', nothing);
  }

  /** Puts these faults in place of all that are active. */
  setFaults(faults: FaultInput[]) {
    return this.call('PUT', 'faults', nothing, faults);
  }

  addFault(fault: FaultInput) {
    return this.call('POST', 'faults', nothing, fault);
  }

  /** No fault any more, and back if it was away. */
  clearFaults() {
    return this.call('DELETE', 'faults', nothing);
  }

  /** Breaks every connection but the admin API's for so many sandbox seconds; until `comeBack()` when not given. */
  goAway(seconds?: number) {
    return this.call('PUT', 'away', nothing, seconds === undefined ? {} : { seconds });
  }

  comeBack() {
    return this.call('DELETE', 'away', nothing);
  }

  /** Moves sandbox time forward at once. */
  skip(seconds: number) {
    return this.call('PUT', 'skip', nothing, { seconds });
  }

  /** Stacks as they truly are, deleted ones included. */
  stacks(query: StackQuery = {}) {
    return this.call('GET', `stacks?${searchOf(query)}`, z.array(stackStateSchema));
  }

  /** Puts a stack there at once. A name that was used before gets a new StackId. */
  createStack(stack: PlacedStackInput) {
    return this.call('POST', 'stacks', stackStateSchema, stack);
  }

  /** Changes a stack behind CloudFormation's back: protection, tags, status, failures. */
  changeStack(change: StackChange) {
    return this.call('PATCH', 'stacks', stackStateSchema, change);
  }

  /** Resources that deletes left behind. */
  orphans() {
    return this.call('GET', 'orphans', z.array(orphanSchema));
  }

  /** What a bucket holds; null when it isn't there. */
  async bucket(name: string) {
    const schema = z.object({ bucket: bucketStateSchema });
    return (await this.call('GET', `bucket?${searchOf({ name })}`, schema)).bucket;
  }

  /** Ids of the snapshots that an account has in a region. */
  snapshots(account: string, region: string) {
    return this.call('GET', `snapshots?${searchOf({ account, region })}`, z.array(z.string()));
  }

  /** Everything that a log holds, what isn't visible yet included: its messages one after the other. */
  async logText(group: string, stream: string, account: string, region: string) {
    const search = searchOf({ account, region, group, stream });
    return (await this.call('GET', `log?${search}`, logTextSchema)).text;
  }

  private async call<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<T> {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    if (response.ok) return schema.parse(json);
    const { error } = z.object({ error: z.string() }).parse(json);
    throw new Error(`sandbox: ${error}`);
  }
}

function searchOf(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, String(value));
  return search.toString();
}
