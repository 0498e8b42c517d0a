import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Names one start of a build for ever: of a workflow's first run, so that a run that follows starts nothing anew.
 * 64 hexadecimal digits, as long as CodeBuild's tokens may be.
 */
export function startToken(workflowId: string, firstRunId: string, made: number): string {
  return bytesToHex(sha256(utf8ToBytes(`${workflowId}\n${firstRunId}\n${made}`)));
}
