import { ApplicationFailure } from '@temporalio/workflow';

/**
 * The doors of a line: a request of another shape is refused before it is in the history. By hand, as the schemas' library
 * is not in the workflow bundle; a config that comes along is checked by the activity that reads it.
 */
type Check = (value: unknown) => boolean;

const isFlag: Check = (value) => value === undefined || typeof value === 'boolean';
const isNames: Check = (value) =>
  value === undefined ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== ''));
const isSetup: Check = (value) =>
  value === undefined || (typeof value === 'object' && value !== null);

const choice = { setup: isSetup, versions: isNames, os: isNames, arch: isNames };

export const requestOf = door('check', { setup: isSetup, dryRun: isFlag, approve: isFlag });
export const choiceOf = door('build or release', { ...choice, rebuild: isFlag });
export const pruneOf = door('prune', { setup: isSetup, dryRun: isFlag, images: isNames });
export const seedOf = door('seed', {
  setup: isSetup,
  from: (value) => value === 'images' || value === 'tracker',
});
export const settledOf = door('settled', { check: (value) => Number.isInteger(value) });

function door(name: string, fields: Record<string, Check>) {
  return (request: unknown = {}): void => {
    if (typeof request !== 'object' || request === null)
      throw refused(`${name} must be given an object with ${Object.keys(fields).join(', ')}`);
    for (const [key, value] of Object.entries(request))
      if (!fields[key])
        throw refused(
          `${name}: ${key}=${JSON.stringify(value)} is not known; allowed are ${Object.keys(fields).join(', ')}`,
        );
    for (const [key, fits] of Object.entries(fields)) {
      const value: unknown = Reflect.get(request, key);
      if (!fits(value)) throw refused(`${name}: ${key}: ${JSON.stringify(value)} is not allowed`);
    }
  };
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'InvalidInput');
}
