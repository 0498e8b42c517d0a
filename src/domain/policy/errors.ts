import { NightshiftError } from '../errors.js';

/**
 * A filter could not be evaluated for a resource. Custodian ends the whole policy here, selecting
 * nothing; so does Nightshift, and says which filter and resource it was.
 */
export class PolicyEvaluationError extends NightshiftError {
  constructor(where: { policy: string; filter: string; resource?: string }, problem: string) {
    const resource = where.resource === undefined ? '' : ` for ${where.resource}`;
    super(
      'InvalidInput',
      `policy ${where.policy}: ${where.filter} can't be evaluated${resource}: ${problem}`,
      { hint: 'Put a filter that leaves such resources out before this one.' },
    );
  }
}

/** Why a filter can't be evaluated; becomes a PolicyEvaluationError where the resource is known. */
export class EvaluationFailure extends Error {}
