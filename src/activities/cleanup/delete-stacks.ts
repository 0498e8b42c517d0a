import {
  type CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import pLimit from 'p-limit';
import { awsErrorCode, awsErrorMessage } from '../../aws/errors.js';
import type { DeleteAnswer, StackDelete } from '../../domain/cleanup/deletes.js';
import { readRefusal } from '../../domain/cleanup/refusal.js';

/** Calls made at the same time; the pacer sets how many a second. */
const atOnce = 8;

/** Starts deletes. Safe to repeat: the token makes a second DeleteStack the same operation. */
export function deleteStacks(
  client: CloudFormationClient,
  deletes: readonly StackDelete[],
  signal: AbortSignal,
): Promise<DeleteAnswer[]> {
  return pLimit(atOnce).map([...deletes], (each) => deleteStack(client, each, signal));
}

async function deleteStack(
  client: CloudFormationClient,
  each: StackDelete,
  signal: AbortSignal,
): Promise<DeleteAnswer> {
  const { stackId } = each;
  try {
    if (each.disableProtection) {
      await client.send(
        new UpdateTerminationProtectionCommand({
          StackName: stackId,
          EnableTerminationProtection: false,
        }),
        { abortSignal: signal },
      );
    }
    await client.send(
      new DeleteStackCommand({
        // By StackId: a stack that was re-created under the name is never taken for this one.
        StackName: stackId,
        ClientRequestToken: each.token,
        RoleARN: each.roleArn,
        RetainResources: each.retain,
        DeletionMode: each.force ? 'FORCE_DELETE_STACK' : undefined,
      }),
      { abortSignal: signal },
    );
    return { stackId, kind: 'accepted', at: new Date().toISOString() };
  } catch (error) {
    const code = awsErrorCode(error);
    const message = awsErrorMessage(error);
    const refusal = code === undefined ? undefined : readRefusal(code, message);
    // A refusal is an answer about this stack. All else is trouble with AWS, and the activity's to retry.
    if (!refusal || (refusal.kind === 'other' && code !== 'ValidationError')) throw error;
    return { stackId, kind: 'refused', refusal, message };
  }
}
