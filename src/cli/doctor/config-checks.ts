import { type LoadedConfig, loadConfig } from '../../config/index.js';
import { InvalidInputError, formatIssue } from '../../domain/errors.js';
import { matchesEverything } from '../../domain/policy/index.js';
import { plural } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import type { Check } from './check.js';

/** Reads the config and its policies. */
export async function configChecks(
  path: string | undefined,
): Promise<{ checks: Check[]; loaded?: LoadedConfig }> {
  try {
    const loaded = await loadConfig(path === undefined ? {} : { path });
    const { config, policies } = loaded;
    const detail = `${loaded.path}: ${whatItHas(config)}`;
    return {
      loaded,
      checks: [{ name: 'Config', ok: true, detail }, ...policies.map(policyCheck)],
    };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const { hint, issues } = error;
    return {
      checks: issues.map((issue) => ({
        name: 'Config',
        ok: false,
        detail: formatIssue(issue),
        mend: hint ?? 'mend the file; docs/configuration.md has every field',
        exitCode: exitCodes.usage,
      })),
    };
  }
}

function whatItHas({ regions, schedules, images }: LoadedConfig['config']): string {
  return [
    ...(regions === undefined ? [] : [`regions ${JSON.stringify(regions)}`]),
    ...(images === undefined ? [] : [`${plural(images.length, 'line')} of images`]),
    `${schedules.length} schedules`,
  ].join(', ');
}

function policyCheck(policy: LoadedConfig['policies'][number]): Check {
  const { name, resource } = policy;
  if (!matchesEverything(policy))
    return { name: 'Policy', ok: true, detail: `${name} (${resource})` };
  return {
    name: 'Policy',
    ok: false,
    detail: `${name} (${resource}) would match everything, so a run of it is refused`,
    mend: 'give it filters, or run it with --allow-match-all',
    exitCode: exitCodes.usage,
  };
}
