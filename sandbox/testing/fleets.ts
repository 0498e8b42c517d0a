import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import type { StackSpecInput } from '../fleet/stack-schema.js';
import { startSandbox, type Sandbox } from '../index.js';

export const account = '111111111111';
export const region = 'us-east-1';

/** A sandbox with one account, one region and these stacks, where time stands still until `clock.skip()`. */
export function oneTarget(
  stacks: StackSpecInput[],
  rest: Partial<FleetInput> = {},
): Promise<Sandbox> {
  return startSandbox({
    speed: 1e-6,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: account, name: 'dev-1' }],
      stacks: stacks.map((stack) => ({ ...stack, account, region })),
      ...rest,
    }),
  });
}
