import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import { startSandbox, type Sandbox } from '../index.js';

/** A sandbox with these mirrors. Time stands still until `clock.skip()`, unless it is given a speed. */
export function withMirrors(
  mirrors: NonNullable<FleetInput['mirrors']>,
  speed = 1e-6,
): Promise<Sandbox> {
  return startSandbox({
    speed,
    fleet: defineFleet({
      regions: ['us-east-1'],
      accounts: [{ id: '111111111111', name: 'dev-1' }],
      mirrors,
    }),
  });
}

export const runner = { name: 'gitlab-runner', versions: ['16.9.0-1', '2:16.10.0~rc1-1'] };
