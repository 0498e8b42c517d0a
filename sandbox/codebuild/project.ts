import type { FailSpec } from './behaviour.js';
import type { ProjectSpec } from './project-schema.js';
import type { Variable } from './variables.js';

/** A project, and what it remembers of its builds. */
export class Project {
  readonly arn: string;
  private builds = 0;
  private readonly failures = new Map<string, number>();

  /** @param createdAt sandbox ms */
  constructor(
    readonly accountId: string,
    readonly region: string,
    readonly spec: ProjectSpec,
    readonly createdAt: number,
  ) {
    this.arn = `arn:aws:codebuild:${region}:${accountId}:project/${spec.name}`;
  }

  get name(): string {
    return this.spec.name;
  }

  get serviceRole(): string {
    const { serviceRole, name } = this.spec;
    return serviceRole ?? `arn:aws:iam::${this.accountId}:role/service-role/codebuild-${name}`;
  }

  get variables(): Variable[] {
    return Object.entries(this.spec.env).map(([name, value]): Variable => {
      if (typeof value === 'string') return { name, value, type: 'PLAINTEXT' };
      if ('ssm' in value) return { name, value: value.ssm, type: 'PARAMETER_STORE' };
      return { name, value: value.secret, type: 'SECRETS_MANAGER' };
    });
  }

  /** The number of its next build, from 1. */
  nextBuildNumber(): number {
    return ++this.builds;
  }

  /**
   * Whether one more build is to fail as a rule says.
   *
   * @param values of the build's variables
   */
  takeFailure(rule: FailSpec, values: ReadonlyMap<string, string>): boolean {
    if (rule.times === undefined) return true;
    const { per } = rule;
    const key = JSON.stringify([rule, per === undefined ? '' : (values.get(per) ?? '')]);
    const earlier = this.failures.get(key) ?? 0;
    if (earlier >= rule.times) return false;
    this.failures.set(key, earlier + 1);
    return true;
  }
}
