import { AwsError, validationError } from '../core/aws-error.js';
import {
  pairsParameter,
  requiredParameter,
  type QueryAction,
  type QueryCall,
} from '../core/aws-query.js';
import { element } from '../core/xml.js';
import type { Creation } from './creating.js';
import { stackLimit } from './limits.js';
import { isRepeat, requestToken } from './request-token.js';
import type { Stacks, TargetStacks } from './stacks.js';
import { parseTemplate } from './template.js';

const namePattern = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/** CreateStack, from a TemplateBody. */
export function createStack(
  stacks: Stacks,
  creation: Creation,
  roleExists: (arn: string) => boolean,
): QueryAction {
  return (call) => {
    const { parameters } = call;
    const name = requiredParameter(parameters, 'StackName');
    const token = requestToken(parameters);
    const target = stacks.target(call.accountId, call.region);
    const known = target.find(name);
    if (known && isRepeat(known, token, 'CREATE'))
      return { xml: element('StackId', known.id), subject: known.id, effective: false };
    refuse(target, name, known !== undefined);
    const roleArn = parameters.get('RoleARN') ?? undefined;
    if (roleArn !== undefined && !roleExists(roleArn))
      throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
    const body = requiredParameter(parameters, 'TemplateBody');
    const stack = creation.begin({
      accountId: call.accountId,
      region: call.region,
      name,
      time: call.now,
      token,
      body,
      template: parseTemplate(body),
      parameters: givenParameters(call),
      tags: Object.fromEntries(pairsParameter(parameters, 'Tags')),
      protected: parameters.get('EnableTerminationProtection') === 'true',
      roleArn,
    });
    return { xml: element('StackId', stack.id), subject: stack.id, effective: true };
  };
}

function refuse(target: TargetStacks, name: string, isKnown: boolean): void {
  if (!namePattern.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  if (isKnown) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
  if (target.livingCount >= stackLimit)
    throw new AwsError('LimitExceededException', 'Limit for stack has been exceeded');
}

function givenParameters({ parameters }: QueryCall): Record<string, string> {
  const given: Record<string, string> = {};
  for (let index = 1; ; index++) {
    const key = parameters.get(`Parameters.member.${index}.ParameterKey`);
    if (key === null) return given;
    given[key] = parameters.get(`Parameters.member.${index}.ParameterValue`) ?? '';
  }
}
