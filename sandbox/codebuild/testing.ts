import {
  BatchGetBuildsCommand,
  StartBuildCommand,
  type Build,
  type CodeBuildClient,
  type StartBuildCommandInput,
} from '@aws-sdk/client-codebuild';
import { defineFleet } from '../fleet/load.js';
import type { FleetInput } from '../fleet/schema.js';
import { startSandbox, type Sandbox } from '../index.js';
import type { PlacedProjectInput } from './project-schema.js';

export const account = '111111111111';
export const region = 'us-east-1';

/** A sandbox with these projects. Time stands still until `clock.skip()`, unless it is given a speed. */
export function withProjects(
  projects: Omit<PlacedProjectInput, 'account' | 'region'>[],
  rest: Partial<FleetInput> = {},
  speed = 1e-6,
): Promise<Sandbox> {
  return startSandbox({
    speed,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: account, name: 'dev-1' }],
      projects: projects.map((project) => ({ ...project, account, region })),
      ...rest,
    }),
  });
}

export async function start(
  client: CodeBuildClient,
  projectName: string,
  overrides: Partial<StartBuildCommandInput> = {},
): Promise<string> {
  const { build } = await client.send(new StartBuildCommand({ projectName, ...overrides }));
  if (build?.id === undefined) throw new Error('StartBuild gave no build');
  return build.id;
}

export async function buildOf(client: CodeBuildClient, id: string): Promise<Build> {
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  const [build] = builds ?? [];
  if (!build) throw new Error(`BatchGetBuilds gave no build ${id}`);
  return build;
}

/** `BUILD FAILED`, …, a phase a line; one that goes on has no status. */
export function phasesOf(build: Build): string[] {
  return (build.phases ?? []).map((phase) =>
    [phase.phaseType, phase.phaseStatus ?? ''].join(' ').trim(),
  );
}

/** `BUILD: COMMAND_EXECUTION_ERROR Error while …` of the phases that say something. */
export function contextsOf(build: Build): string[] {
  return (build.phases ?? []).flatMap((phase) =>
    (phase.contexts ?? [])
      .filter((context) => context.message !== '')
      .map((context) => `${phase.phaseType}: ${context.statusCode} ${context.message}`),
  );
}

/** The build once it has ended, for builds that really run. */
export async function ended(client: CodeBuildClient, id: string): Promise<Build> {
  return until(async () => {
    const build = await buildOf(client, id);
    return build.buildComplete ? build : undefined;
  });
}

/** Asks again until there is an answer; for at most a minute of real time. */
export async function until<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAt) throw new Error('it did not come about within a minute');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A buildspec of these commands in its BUILD phase. */
export function buildspecOf(...commands: string[]): string {
  return JSON.stringify({ version: 0.2, phases: { build: { commands } } });
}
