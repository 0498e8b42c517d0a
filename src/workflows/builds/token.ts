import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { workflowInfo } from '@temporalio/workflow';

/** Names one start of a build for ever: of the workflow's first run, so that a run that follows starts nothing anew. */
export function startToken(made: number): string {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return bytesToHex(sha256(utf8ToBytes(`${workflowId}\n${firstExecutionRunId}\n${made}`)));
}
