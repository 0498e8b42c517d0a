import { vi } from 'vitest';
import type { LedgerQuery, SandboxAdmin } from '../../sandbox/admin-client.js';
import { type Stage, until } from './scenario.js';

/** Waits until so many calls of a kind have reached the sandbox. */
export async function callsReach(
  admin: SandboxAdmin,
  query: LedgerQuery,
  count: number,
): Promise<void> {
  await until(async () => (await admin.ledger(query)).length >= count || undefined);
}

/** What became of each call of an action, in their order. */
export async function outcomesOf(admin: SandboxAdmin, action: string): Promise<string[]> {
  return (await admin.ledger({ action })).map(({ outcome }) => outcome);
}

/** How many calls of an action changed something. */
export async function effective(admin: SandboxAdmin, action: string): Promise<number> {
  return (await admin.ledger({ action, effective: true })).length;
}

/** Resolves once a call of an action has reached the sandbox, whether it has been carried out yet or not. */
export async function arrival({ sandbox }: Stage, action: string): Promise<void> {
  const strikes = vi.spyOn(sandbox.faults, 'strike');
  await until(() => strikes.mock.calls.some(([call]) => call.action === action) || undefined);
  strikes.mockRestore();
}
