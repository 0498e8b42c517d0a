import { AwsError, validationError } from '../core/aws-error.js';
import type { Operation, Stack } from './model.js';

const pattern = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;

/** The call's ClientRequestToken: 1 to 128 letters, digits and hyphens, the first no hyphen. */
export function requestToken(parameters: URLSearchParams): string | undefined {
  const token = parameters.get('ClientRequestToken') ?? undefined;
  if (token !== undefined && !pattern.test(token))
    throw validationError(
      `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*`,
    );
  return token;
}

/** Whether the token asks once more for an operation that it has asked for; another's token is refused. */
export function isRepeat(
  stack: Stack,
  token: string | undefined,
  kind: Operation['kind'],
): boolean {
  const usedFor = token === undefined ? undefined : stack.tokens.get(token);
  if (usedFor !== undefined && usedFor !== kind)
    throw new AwsError(
      'TokenAlreadyExistsException',
      `Token ${token ?? ''} already exists for a different operation on stack ${stack.name}`,
    );
  return usedFor === kind;
}
