import type { Command } from 'commander';
import { type Session, type SessionOptions, withSession } from '../session.js';
import type { Build, Builds } from './builds.js';

/** What the commands on builds work with. */
export interface BuildSession extends Omit<Session, 'nightshift'> {
  builds: Builds;
}

/** Flags of every command on a build that was started earlier. */
export interface BuildFlags {
  account?: string;
  region?: string;
  config?: string;
  local?: boolean;
  json?: boolean;
}

/** A command on a build: `nightshift build <name> … <id>`. */
export function buildSubcommand(parent: Command, name: string, description: string): Command {
  return addSessionFlags(parent.command(name).description(description))
    .argument('<id>', 'workflow id, build id (project:uuid) or ARN of a build')
    .option('--account <name>', 'account name or id of a build id, where there is more than one')
    .option('--region <name>', 'region of a build id, where there is more than one');
}

export function addSessionFlags(command: Command): Command {
  return command
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--local', 'use a server and a worker in this process')
    .option('--json', 'print the result as JSON, alone on stdout');
}

/** Finds the build and does something with it; what is returned is the exit code. */
export async function withBuild(
  name: string,
  flags: BuildFlags,
  work: (build: Build, session: BuildSession) => Promise<number>,
): Promise<void> {
  process.exitCode = await withBuilds(flags, async (session) =>
    work(await findBuild(name, flags, session), session),
  );
}

export async function withBuilds<T>(
  options: SessionOptions,
  work: (session: BuildSession) => Promise<T>,
): Promise<T> {
  return await withSession(options, ({ nightshift, ...session }) =>
    work({ ...session, builds: nightshift.builds }),
  );
}

function findBuild(
  name: string,
  { account, region }: BuildFlags,
  { builds, loaded }: BuildSession,
): Promise<Build> {
  return builds.get(name, {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    ...(loaded ? { setup: { config: loaded.config } } : {}),
  });
}
