import type { Build } from './build.js';
import { isInline, readBuildspec, unreadable, type Buildspec } from './buildspec.js';
import type { PhaseOutcome } from './phases.js';
import { mergeVariables, resolveVariables, type ValueSources, type Variable } from './variables.js';

/** What a build needs before its first command, or what DOWNLOAD_SOURCE fails with. */
export type Preparation =
  | { kind: 'ready'; buildspec: Buildspec | undefined; values: Record<string, string> }
  | { kind: 'failed'; outcome: PhaseOutcome };

/** Reads the buildspec, and the value of every variable. A buildspec that lies in a source isn't known. */
export function prepare({ order }: Build, sources: ValueSources): Preparation {
  const text = order.source.buildspec;
  const read = text !== undefined && isInline(text) ? readBuildspec(text) : undefined;
  if (read?.kind === 'failed') return read;
  const buildspec = read?.buildspec;
  // The build's own go before the project's, and those before the buildspec's (guide, buildspec reference).
  const variables = mergeVariables(buildspec?.variables ?? [], order.variables);
  const resolution = resolveVariables(variables, sources);
  if (resolution.kind === 'missing')
    return { kind: 'failed', outcome: valueMissing(resolution.variable) };
  return { kind: 'ready', buildspec, values: resolution.values };
}

/** For a build whose commands really run: there is no source that a buildspec could lie in. */
export function noBuildspec({ order }: Build): PhaseOutcome {
  const file = order.source.buildspec ?? 'buildspec.yml';
  return unreadable(`stat ${file}: no such file or directory`).outcome;
}

function valueMissing({ type, value }: Variable): PhaseOutcome {
  const context =
    type === 'SECRETS_MANAGER'
      ? {
          statusCode: 'Secrets Manager Error',
          message: `ResourceNotFoundException: Secrets Manager can't find the specified secret. (${value})`,
        }
      : { statusCode: 'Decrypted Variables Error', message: `parameter does not exist: ${value}` };
  return { status: 'FAILED', context };
}
