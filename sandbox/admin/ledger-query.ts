import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.js';
import type { AdminLedgerEntry } from './schema.js';

const querySchema = z.strictObject({
  account: z.string().optional(),
  region: z.string().optional(),
  service: z.string().optional(),
  action: z.string().optional(),
  subject: z.string().optional(),
  outcome: z.string().optional(),
  effective: z.enum(['true', 'false']).optional(),
  /** Index of the first entry wanted. */
  since: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).optional(),
});

/** Entries of the ledger that match a query string. */
export function readLedger(ledger: Ledger, query: URLSearchParams): AdminLedgerEntry[] {
  const { account, effective, ...rest } = querySchema.parse(Object.fromEntries(query));
  const filter = {
    ...rest,
    ...(account === undefined ? {} : { accountId: account }),
    ...(effective === undefined ? {} : { effective: effective === 'true' }),
  };
  return ledger.entries(filter).map((entry) => ({
    ...entry,
    time: new Date(entry.time).toISOString(),
    realTime: new Date(entry.realTime).toISOString(),
  }));
}
