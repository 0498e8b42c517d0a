import type { BuildPhase } from './result.js';

/** The phase that decided how a build ended: the first that did not succeed. */
export function failedPhase(phases: readonly BuildPhase[]): BuildPhase | undefined {
  return phases.find(({ status }) => status !== undefined && status !== 'SUCCEEDED');
}
