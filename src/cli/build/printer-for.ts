import { randomBytes } from 'node:crypto';
import { type GroupKind, detectGroups, groupsOf, isGitHub } from './groups.js';
import { LogPrinter } from './log-printer.js';
import { isFile } from './log-stream.js';

export interface LogFlags {
  groups: GroupKind | 'auto';
  timestamps?: boolean;
  json?: boolean;
}

interface Place {
  /** What the log goes to. */
  stream: { fd?: number };
  env: NodeJS.ProcessEnv;
  /** What `auto` stands for where no CI shows the log. */
  elsewhere: 'plain' | 'none';
  /** The project writes no log. */
  logDisabled?: boolean;
}

/** Makes the printer of a log, in the way of the CI that shows it. */
export function printerFor(
  { groups, timestamps = false }: LogFlags,
  { stream, env, elsewhere, logDisabled = false }: Place,
): LogPrinter {
  const toFile = isFile(stream);
  const kind = groups === 'auto' ? detectGroups({ env, toFile, elsewhere }) : groups;
  const isGuarded = kind === 'github' || (isGitHub(env) && !toFile);
  return new LogPrinter({
    groups: groupsOf(kind, isGuarded ? { guard: randomBytes(16).toString('hex') } : {}),
    tellPhases: kind === 'plain',
    timestamps,
    logDisabled,
    now: Date.now,
  });
}
