import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import type { StackSpecInput } from '../fleet/stack-schema.js';
import { startSandbox, type Sandbox } from '../index.js';

export const account = '111111111111';
export const region = 'us-east-1';

/** A sandbox with one account, one region and these stacks; an hour passes in under a minute. */
export function oneTarget(
  stacks: StackSpecInput[],
  rest: Partial<FleetInput> = {},
  speed = 100,
): Promise<Sandbox> {
  return startSandbox({
    speed,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: account, name: 'dev-1' }],
      stacks: stacks.map((stack) => ({ ...stack, account, region })),
      ...rest,
    }),
  });
}
