import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { AwsConnections } from '../../aws/connections.js';
import { awsErrorCode, fromAwsError } from '../../aws/errors.js';
import type { Pace } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import type { SecretName } from '../../domain/images/spec.js';

export interface SecretOptions {
  pace: Pace;
  /** What to do where the parameter is not there. */
  hint: string;
  signal?: AbortSignal;
}

/** A secret that an SSM parameter of the management account holds. It goes into no history, log or error. */
export async function readSecret(
  aws: AwsConnections,
  { ssm: name, region }: SecretName,
  { pace, hint, signal }: SecretOptions,
): Promise<string> {
  const { ssm } = aws.hub(region, pace);
  const get = new GetParameterCommand({ Name: name, WithDecryption: true });
  try {
    const { Parameter: parameter } = await ssm.send(get, signal && { abortSignal: signal });
    return (parameter?.Value ?? '').trim();
  } catch (error) {
    if (awsErrorCode(error) !== 'ParameterNotFound')
      throw fromAwsError(error, `the SSM parameter ${name} can’t be read`);
    const message = `there is no SSM parameter ${name} in the management account`;
    throw new NightshiftError('InvalidInput', message, { hint });
  }
}
