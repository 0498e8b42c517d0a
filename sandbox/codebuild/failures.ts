import { phaseOf, type Behaviour, type FailSpec } from './behaviour.js';
import type { EndedStatus, PhaseContext, PhaseOutcome, PhaseType } from './phases.js';

/** How a build is bound to fail: where, and with which words. */
export interface Failure {
  kind: FailSpec['kind'];
  phase: PhaseType;
  exitStatus: number;
  message: string | undefined;
  /** The image that it makes is there all the same. */
  afterImage: boolean;
}

export function failureOf({ fail }: Behaviour): Failure | undefined {
  if (!fail) return undefined;
  const { kind, phase, message, exitStatus = 1, afterImage } = fail;
  return { kind, phase: phaseOf(kind, phase), exitStatus, message, afterImage };
}

/** A command that failed, in CodeBuild's words. */
export function commandFailed(
  command: string,
  exitStatus: number,
  message = `Error while executing command: ${command}. Reason: exit status ${exitStatus}`,
): PhaseOutcome {
  return {
    status: 'FAILED',
    exitStatus,
    context: { statusCode: 'COMMAND_EXECUTION_ERROR', message },
  };
}

/** What a phase ends with that fails otherwise than by a command or a timeout. */
export function outcomeOf({ kind, phase, message }: Failure): PhaseOutcome {
  switch (kind) {
    case 'fault':
      return failing('FAULT', 'INTERNAL_SERVICE_ERROR', message ?? 'Internal Service Error');
    case 'provisioning':
      return failing(
        'FAILED',
        'BUILD_CONTAINER_UNAVAILABLE',
        message ?? 'Build container found dead before completing the build.',
      );
    default:
      return clientError(phase, message);
  }
}

function clientError(phase: PhaseType, message: string | undefined): PhaseOutcome {
  const isBefore = phase === 'QUEUED' || phase === 'PROVISIONING';
  if (!isBefore) return failing('FAILED', 'CLIENT_ERROR', message ?? 'git clone failed');
  return failing(
    'CLIENT_ERROR',
    phase === 'QUEUED' ? 'VPC_CLIENT_ERROR' : 'BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE',
    message ??
      (phase === 'QUEUED'
        ? 'Unexpected EC2 error: UnauthorizedOperation'
        : "Unable to pull customer's container image. CannotPullContainerError: pull access denied"),
  );
}

function failing(
  status: PhaseOutcome['status'],
  statusCode: string,
  message: string,
): PhaseOutcome {
  return { status, context: { statusCode, message } };
}

/** How a build ends that is ended from outside: in the phase that it is in, and as a whole. */
export interface Halt {
  status: Exclude<EndedStatus, 'SUCCEEDED'>;
  context?: PhaseContext;
  exitStatus?: number;
}

export const stopped: Halt = { status: 'STOPPED' };
export const queueTimedOut: Halt = {
  status: 'TIMED_OUT',
  context: { statusCode: 'QUEUE_TIMED_OUT', message: 'Build timed out while in queue' },
};
export const buildTimedOut: Halt = {
  status: 'TIMED_OUT',
  context: { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out. ' },
};
