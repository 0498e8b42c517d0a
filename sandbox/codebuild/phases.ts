/** Phases of a build, in order (API, BuildPhase). */
export const phaseTypes = [
  'SUBMITTED',
  'QUEUED',
  'PROVISIONING',
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
  'COMPLETED',
] as const;
export type PhaseType = (typeof phaseTypes)[number];

/** Phases in the build's container. */
export const containerPhases = [
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
] as const;
export type ContainerPhase = (typeof containerPhases)[number];

/** Phases that a buildspec has commands for. */
export const commandPhases = ['INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD'] as const;
export type CommandPhase = (typeof commandPhases)[number];

export function isCommandPhase(phase: PhaseType): phase is CommandPhase {
  return commandPhases.some((command) => command === phase);
}

/** CLIENT_ERROR isn't in the API reference, and what CodeBuild shows all the same (see the README). */
export type PhaseStatus =
  'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED' | 'CLIENT_ERROR';

export type BuildStatus =
  'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';
export type EndedStatus = Exclude<BuildStatus, 'IN_PROGRESS'>;

/** What a phase ended with, and CodeBuild's words for it. */
export interface PhaseOutcome {
  status: PhaseStatus;
  context?: PhaseContext;
  /** Of the command that failed. */
  exitStatus?: number;
}

export interface PhaseContext {
  statusCode: string;
  message: string;
}

export const succeeded: PhaseOutcome = { status: 'SUCCEEDED' };

/** What a buildspec may say of a phase that fails. */
export type OnFailure = 'ABORT' | 'CONTINUE';

/**
 * The phase that follows; undefined after the last. A BUILD that failed is followed by POST_BUILD and
 * UPLOAD_ARTIFACTS, any earlier phase by FINALIZING (guide, "Build phase transitions").
 */
export function phaseAfter(
  phase: ContainerPhase,
  hasSucceeded: boolean,
  onFailure?: OnFailure,
): ContainerPhase | undefined {
  const next = containerPhases[containerPhases.indexOf(phase) + 1];
  if (hasSucceeded || onFailure === 'CONTINUE' || next === undefined) return next;
  const goesOn = phase === 'BUILD' || phase === 'POST_BUILD';
  return goesOn && onFailure !== 'ABORT' ? next : 'FINALIZING';
}
