import { CancellationScope } from '@temporalio/workflow';
import type { ItemState } from '../../domain/cleanup/item-state.js';
import type { PolicyOrder } from '../../domain/cleanup/order.js';
import type { PauseOrder } from '../../domain/cleanup/messages.js';
import type { Items, PassRules } from '../../domain/cleanup/passes.js';
import type { TargetError } from '../../domain/cleanup/plan.js';
import type { TargetProgress } from '../../domain/cleanup/progress.js';
import { passRules, policyOrder } from '../../domain/cleanup/rules.js';
import type { Access, RunSettings, TargetSpec } from '../../domain/cleanup/spec.js';
import type { Pace } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';
import type { Target } from '../../domain/target.js';
import { activitiesWith } from './activities.js';

const mostRecent = 20;

/** What a target's run knows: shared by its passes, its messages and its queries. */
export class TargetContext {
  readonly items: Items = new Map();
  readonly order: PolicyOrder;
  readonly settings: RunSettings;
  readonly runId: string;
  readonly activities: ReturnType<typeof activitiesWith>;
  /** What every activity is told. */
  readonly aws: { target: Target; access: Access; pace: Pace };
  /** Work beside the watch runs in it; a cancelled run drops that work, but never what AWS is deleting. */
  readonly scope = new CancellationScope();
  readonly recent: TargetProgress['recent'] = [];
  pass = 1;
  pauseOrder: PauseOrder = { paused: false, number: 0 };
  cancelled = false;
  awsCalls = 0;
  error: TargetError | undefined;
  private readonly rules: ReadonlyMap<string, PassRules>;

  constructor(private readonly spec: TargetSpec) {
    this.settings = spec.settings;
    this.runId = spec.run.runId;
    this.activities = activitiesWith(spec.settings.pace);
    this.aws = { target: spec.target, access: spec.settings.access, pace: spec.settings.pace };
    this.order = policyOrder(spec.policies);
    this.rules = new Map(spec.policies.map((policy) => [policy.name, passRules(policy, spec)]));
  }

  readonly rulesOf = (policy: string): PassRules => {
    const rules = this.rules.get(policy);
    if (!rules) throw new Error(`the run has no policy ${policy}`);
    return rules;
  };

  get paused(): boolean {
    return this.pauseOrder.paused;
  }

  deleteTimeoutOf(policy: string): number {
    const own = this.spec.policies.find(({ name }) => name === policy)?.options.deleteTimeout;
    return parseDuration(own ?? this.settings.cleanup.deleteTimeout);
  }

  /** The target can't go on: nothing more is begun, and what is in flight is waited for. */
  fail(error: TargetError): void {
    this.error ??= error;
    this.cancel();
  }

  /** Begins nothing more. Deletes that AWS has accepted can't be taken back: they are waited for. */
  cancel(): void {
    this.cancelled = true;
    this.scope.cancel();
  }

  note(state: ItemState): void {
    this.recent.unshift({
      name: state.item.name,
      phase: state.phase,
      at: state.endedAt ?? new Date().toISOString(),
      ...(state.reason === undefined ? {} : { reason: state.reason }),
    });
    this.recent.length = Math.min(this.recent.length, mostRecent);
  }
}
