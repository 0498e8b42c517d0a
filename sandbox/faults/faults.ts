import type { Clock } from '../core/clock.js';
import { Random } from '../core/random.js';
import type { Fault } from './schema.js';

/** The call that a fault may strike. */
export interface Call {
  accountId: string;
  region: string;
  service: string;
  action: string;
}

/** What the faults do to one call. */
export interface Strike {
  delayMs: number;
  loseBefore: boolean;
  loseAfter: boolean;
  throttled: boolean;
  regionDisabled: boolean;
  denied: boolean;
  /** How old a state the call sees, in sandbox ms. */
  staleByMs: number;
}

const untouched: Strike = {
  delayMs: 0,
  loseBefore: false,
  loseAfter: false,
  throttled: false,
  regionDisabled: false,
  denied: false,
  staleByMs: 0,
};

/** The sandbox's faults, as configured and as changed while it runs. */
export class Faults {
  private readonly random: Random;
  private active: Fault[];
  private awayUntil = 0;

  constructor(
    private readonly clock: Clock,
    readonly seed: number,
    faults: readonly Fault[] = [],
  ) {
    this.random = new Random(seed);
    this.active = [...faults];
  }

  list(): readonly Fault[] {
    return this.active;
  }

  /** Puts these in place of all that were active. */
  set(faults: readonly Fault[]): void {
    this.active = [...faults];
  }

  add(fault: Fault): void {
    this.active.push(fault);
  }

  /** No fault any more, and back if it was away. */
  clear(): void {
    this.active = [];
    this.awayUntil = 0;
  }

  /** Every connection of the AWS API is broken for `seconds` of sandbox time; without an end when not given. */
  goAway(seconds: number = Infinity): void {
    this.awayUntil = this.clock.now() + seconds * 1000;
  }

  comeBack(): void {
    this.awayUntil = 0;
  }

  get isAway(): boolean {
    return this.awayUntil > this.clock.now();
  }

  strike(call: Call): Strike {
    const strike = { ...untouched };
    for (const fault of this.active) if (concerns(fault, call)) this.apply(fault, strike);
    return strike;
  }

  /** Whether AssumeRole of this role in this account is to be denied. */
  deniesRole(accountId: string, role: string): boolean {
    return this.active.some(
      (fault) =>
        fault.kind === 'denyRole' &&
        (fault.account === undefined || fault.account === accountId) &&
        (fault.role === undefined || fault.role === role),
    );
  }

  private apply(fault: Fault, strike: Strike): void {
    switch (fault.kind) {
      case 'throttle':
        strike.throttled ||= this.random.chance(fault.share);
        return;
      case 'latency':
        if (this.random.chance(fault.share))
          strike.delayMs += this.random.between(fault.minMs, Math.max(fault.minMs, fault.maxMs));
        return;
      case 'loseResponse': {
        const lost = this.random.chance(fault.share);
        if (fault.when === 'before') strike.loseBefore ||= lost;
        else strike.loseAfter ||= lost;
        return;
      }
      case 'staleRead':
        if (this.random.chance(fault.share)) strike.staleByMs = fault.seconds * 1000;
        return;
      case 'disableRegion':
        strike.regionDisabled = true;
        return;
      case 'denyActions':
        strike.denied = true;
        return;
      case 'denyRole':
        return;
    }
  }
}

function concerns(fault: Fault, call: Call): boolean {
  if (fault.kind === 'denyRole') return false;
  if (fault.account !== undefined && fault.account !== call.accountId) return false;
  if (fault.region !== undefined && fault.region !== call.region) return false;
  if (fault.kind === 'disableRegion') return true;
  if (fault.service !== undefined && fault.service !== call.service) return false;
  return fault.actions === undefined || fault.actions.includes(call.action);
}
