import { type CodeBuildClient, StopBuildCommand } from '@aws-sdk/client-codebuild';
import { awsErrorCode } from '../../aws/errors.js';

/** Stops a build. One that has ended, or is being stopped, stays as it is. */
export async function stopBuild(
  client: CodeBuildClient,
  id: string,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await client.send(new StopBuildCommand({ id }), { abortSignal });
  } catch (error) {
    // Nothing is left to stop.
    if (awsErrorCode(error) !== 'ResourceNotFoundException') throw error;
  }
}
