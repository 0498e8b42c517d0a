import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { awsErrorCode } from '../../aws/errors.js';
import { tokenParameter } from '../../domain/buildkite/spec.js';

/** Puts a job's access token where only its build finds it; CodeBuild shows the name alone. */
export async function keepToken(
  ssm: SSMClient,
  jobId: string,
  token: string,
  abortSignal: AbortSignal,
): Promise<void> {
  await ssm.send(
    new PutParameterCommand({
      Name: tokenParameter(jobId),
      Value: token,
      Type: 'SecureString',
      Overwrite: true,
    }),
    { abortSignal },
  );
}

/** Removes it; one that is not there was removed already. */
export async function dropToken(
  ssm: SSMClient,
  jobId: string,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: tokenParameter(jobId) }), { abortSignal });
  } catch (error) {
    if (awsErrorCode(error) !== 'ParameterNotFound') throw error;
  }
}
