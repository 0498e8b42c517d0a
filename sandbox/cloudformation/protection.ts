import { validationError } from '../core/aws-error.js';
import { requiredParameter, type QueryAction } from '../core/aws-query.js';
import { element } from '../core/xml.js';
import type { Stacks } from './stacks.js';

/** UpdateTerminationProtection: of a root stack. Nested stacks are as protected as their root. */
export function updateTerminationProtection(stacks: Stacks): QueryAction {
  return ({ accountId, region, parameters }) => {
    const wanted = requiredParameter(parameters, 'StackName');
    const isOn = requiredParameter(parameters, 'EnableTerminationProtection') === 'true';
    const stack = stacks.target(accountId, region).find(wanted);
    if (!stack || stack.isDeleted) throw validationError(`Stack [${wanted}] does not exist`);
    if (stack.parent)
      throw validationError(
        `Termination protection cannot be set on nested stack [${stack.id}]; set it on its root stack`,
      );
    if (stack.status === 'DELETE_IN_PROGRESS')
      throw validationError(
        `Termination protection cannot be updated for stack [${stack.id}] in status ${stack.status}`,
      );
    const effective = stack.protected !== isOn;
    stack.protected = isOn;
    return { xml: element('StackId', stack.id), subject: stack.id, effective };
  };
}
