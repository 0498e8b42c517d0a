import { expect, test } from 'vitest';
import { Clock } from '../core/clock.js';
import { Ledger } from './ledger.js';

const call = {
  accountId: '111111111111',
  region: 'us-east-1',
  service: 'cloudformation',
  action: 'DeleteStack',
  outcome: 'ok',
  effective: true,
};

test('every call is counted for ever, while only the newest are kept one by one', () => {
  const ledger = new Ledger(new Clock(), 10);
  for (let index = 0; index < 25; index++)
    ledger.record({ ...call, subject: `stack-${index % 5}` });
  expect(ledger.entries().map((entry) => entry.index)).toEqual(
    Array.from({ length: 10 }, (_, index) => 15 + index),
  );
  expect(ledger.summary()).toEqual({
    calls: 25,
    actions: { 'cloudformation:DeleteStack': { ok: 25 } },
    targets: { '111111111111/us-east-1': 25 },
    effectiveDeletes: {
      DeleteStack: { 'stack-0': 5, 'stack-1': 5, 'stack-2': 5, 'stack-3': 5, 'stack-4': 5 },
    },
  });
});

test('a delete without effect is a call and no delete', () => {
  const ledger = new Ledger(new Clock());
  ledger.record({ ...call, subject: 'a', effective: false });
  expect(ledger.summary()).toMatchObject({ calls: 1, effectiveDeletes: {} });
});

test('entries are found by what they say, the newest within a limit', () => {
  const ledger = new Ledger(new Clock());
  for (const action of ['ListStacks', 'DeleteStack', 'DeleteStack'])
    ledger.record({ ...call, action });
  expect(ledger.entries({ action: 'DeleteStack' })).toHaveLength(2);
  expect(ledger.entries({ action: 'DeleteStack', limit: 1 })).toMatchObject([{ index: 2 }]);
  expect(ledger.entries({ since: 1 })).toHaveLength(2);
  expect(ledger.entries({ region: 'eu-west-1' })).toEqual([]);
});

test('a ledger that is cleared starts anew', () => {
  const ledger = new Ledger(new Clock());
  ledger.record(call);
  ledger.clear();
  expect(ledger.size).toBe(0);
  expect(ledger.summary().calls).toBe(0);
});
