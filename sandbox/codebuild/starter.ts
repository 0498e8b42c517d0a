import {
  behaviourOf,
  behaviourVariable,
  type Behaviour,
  type BehaviourRules,
  type FailSpec,
} from './behaviour.js';
import { Build, type AutoRetry } from './build.js';
import type { BuildStore } from './build-store.js';
import { limitExceeded } from './errors.js';
import type { Lifecycle } from './lifecycle.js';
import { placeOrder } from './place-order.js';
import type { Project } from './project.js';
import type { StartBuildInput } from './start-input.js';
import type { Variable } from './variables.js';

export interface Start {
  project: Project;
  input: StartBuildInput;
  /** Who asked, as the build shows it. */
  initiator: string;
  autoRetry?: AutoRetry;
}

/** Starts builds: for StartBuild, for RetryBuild, and for CodeBuild's own retries. */
export class Starter {
  constructor(
    private readonly store: BuildStore,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * @param now sandbox ms
   * @throws an AwsError where overrides don't go together, or a limit is reached
   */
  start({ project, input, initiator, autoRetry = { number: 0 } }: Start, now: number): Build {
    const order = placeOrder(project, input);
    const variable = order.variables.find(({ name }) => name === behaviourVariable)?.value;
    const rules = behaviourOf(project.spec.behaviour, variable);
    this.checkLimits(project);
    const behaviour = armed(project, rules, order.variables);
    const build = new Build({
      project,
      input,
      order,
      behaviour,
      initiator,
      submittedAt: now,
      autoRetry,
    });
    this.store.add(build);
    this.lifecycle.submit(build, now);
    return build;
  }

  /** CodeBuild's own retry of a build that failed. One that a limit refuses is not made. */
  retry(build: Build, now: number): void {
    const { project, input } = build.options;
    const { number } = build.autoRetry;
    try {
      const next = this.start(
        {
          project,
          input,
          initiator: 'codebuild-auto-retry',
          autoRetry: { number: number + 1, previous: build.arn },
        },
        now,
      );
      build.autoRetry.next = next.arn;
    } catch (error) {
      if (!isLimit(error)) throw error;
    }
  }

  private checkLimits(project: Project): void {
    const { concurrentBuildLimit: limit } = project.spec;
    if (limit !== undefined) {
      const active = this.store.ofProject(project).filter((build) => !build.hasEnded).length;
      if (active >= limit)
        throw limitExceeded(`Cannot have more than ${limit} active builds for the project`);
    }
    this.lifecycle.slots.check(project.accountId, project.region);
  }
}

export function needsRetry({ status, autoRetry, order }: Build): boolean {
  const hasFailed = status === 'FAILED' || status === 'FAULT' || status === 'TIMED_OUT';
  return hasFailed && autoRetry.number < order.autoRetryLimit;
}

/** The behaviour of one build: bound to fail only while the project still has failures to come that fit it. */
function armed(
  project: Project,
  { fail: rules, ...behaviour }: BehaviourRules,
  variables: readonly Variable[],
): Behaviour {
  const values = new Map(
    variables.flatMap(({ name, type, value }) => (type === 'PLAINTEXT' ? [[name, value]] : [])),
  );
  const fail = rules.find((rule) => fits(rule, values) && project.takeFailure(rule, values));
  return fail ? { ...behaviour, fail } : behaviour;
}

function fits({ when }: FailSpec, values: ReadonlyMap<string, string>): boolean {
  return Object.entries(when).every(([name, wanted]) =>
    [wanted].flat().includes(values.get(name) ?? ''),
  );
}

function isLimit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === limitExceeded('').code;
}
