export type { FindOptions, NewPipeline, PipelineMark } from './create-pipeline.js';
export { GitLabError, type GitLabErrorCode } from './error.js';
export type { FollowOptions, ManualRule, PipelineOutcome } from './follow.js';
export { GitLab, type GitLabOptions, type ProjectRef, defaultPolicy } from './gitlab.js';
export type { TokenKind } from './http.js';
export type { LogPart, LogRange } from './job-log.js';
export type { FailedJob, PipelineTree } from './pipeline-tree.js';
export type { ReplaceOptions, StoredFile } from './replace-secure-file.js';
export { type Bridge, type Job, type Pipeline, type SecureFile, isOver } from './shapes.js';
