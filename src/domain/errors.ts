/**
 * Every error that reaches a person carries a stable code, what was wrong, and what to do next.
 * `docs/operations.md` lists the codes; `src/cli/exit.ts` maps them to exit codes.
 */
export const errorCodes = [
  /** Something given (flag, config, policy, workflow input) is wrong; nothing was touched. */
  'InvalidInput',
  /** No Temporal server could be found or started. */
  'NoTemporalServer',
  /** AWS credentials are missing, expired or refused, or a role can't be assumed. */
  'AwsAccess',
  /** AWS answered with an error that trying again does not mend. */
  'AwsRefused',
  /** AWS could not be reached, or went on throttling past every retry. */
  'AwsUnavailable',
  /** A run is refused by its rails, or because its plan has changed. */
  'RunRefused',
  /** The run, stack or target that was named is not there. */
  'NotFound',
  /** Another run holds the target. */
  'TargetBusy',
  /** CodeBuild runs as many builds as it may; there will be room again. */
  'BuildLimit',
  /** Buildkite answered with an error that trying again does not mend. */
  'BuildkiteRefused',
  /** Buildkite could not be reached, or went on refusing past every retry. */
  'BuildkiteUnavailable',
  /** The build was stopped before CodeBuild had taken it. */
  'BuildStopped',
  /** Another agent has the job, or it is over. */
  'JobTaken',
  /** A mirror answered with something that trying again does not mend. */
  'MirrorRefused',
  /** A mirror could not be read, or was in the middle of a sync for too long. */
  'MirrorUnavailable',
  /** GitLab answered with an error that trying again does not mend. */
  'GitLabRefused',
  /** GitLab could not be reached, or went on refusing past every retry. */
  'GitLabUnavailable',
  /** A machine image could not be made. */
  'ImageFailed',
  /** A notice of a run's end could not be given; never fails the run. */
  'NoticeFailed',
  /** A defect of Nightshift itself. */
  'Internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface NightshiftErrorOptions {
  /** What the reader can do about it: one sentence. */
  hint?: string;
  /** Whether the same call may succeed later, unchanged. */
  retryable?: boolean;
  cause?: unknown;
}

export class NightshiftError extends Error {
  override readonly name = 'NightshiftError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: NightshiftErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }
}

/** One thing wrong with an input: where it stands, what was there, what is allowed. */
export interface InputIssue {
  /** The file, flag or workflow input that holds it, as the user named it. */
  source: string;
  /** Path of the field, as `accounts.list[0].id`; empty for the whole. */
  path: string;
  /** What is wrong, with the value and what is allowed. */
  message: string;
}

/** All that is wrong with an input, at once: nobody should mend a file one error at a time. */
export class InvalidInputError extends NightshiftError {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[], options: NightshiftErrorOptions = {}) {
    super('InvalidInput', issues.map(formatIssue).join('\n'), options);
    this.issues = issues;
  }
}

export function formatIssue(issue: InputIssue): string {
  const where = issue.path === '' ? issue.source : `${issue.source}: ${issue.path}`;
  return `${where}: ${issue.message}`;
}
