import { z } from 'zod';
import {
  bucketStateSchema,
  ledgerEntrySchema,
  ledgerSummarySchema,
  logTextSchema,
  orphanSchema,
  stackStateSchema,
  stateSchema,
  type StackChange,
} from './admin/schema.js';
import { buildLogStateSchema, buildStateSchema, type BuildChange } from './admin/build-schema.js';
import {
  imageSnapshotSchema,
  imageStateSchema,
  pipelineImageSchema,
  type CreateImageInput,
  type ImageChange,
  type PipelineChange,
} from './admin/image-schema.js';
import type { BuildkiteAgentOrder, BuildkiteJobChange } from './admin/buildkite.js';
import type { GitlabFileChange } from './admin/gitlab.js';
import type { MirrorPackageChoice } from './admin/mirrors.js';
import type { BuildkiteJobInput } from './buildkite/settings.js';
import {
  buildkiteAgentStateSchema,
  buildkiteJobStateSchema,
  buildkiteStackStateSchema,
} from './buildkite/view.js';
import type { CopyFailureInput } from './ec2/images/copy-failures.js';
import {
  gitlabFileHistorySchema,
  gitlabFileStateSchema,
  gitlabPipelineStateSchema,
} from './gitlab/view.js';
import type { MirrorPackageInput, MirrorStateInput } from './mirror/schema.js';
import { mirrorViewSchema } from './mirror/view.js';
import type { FaultInput } from './faults/schema.js';
import type { PlacedStackInput } from './fleet/stack-schema.js';

export interface LedgerQuery {
  account?: string;
  region?: string;
  service?: string;
  action?: string;
  subject?: string;
  outcome?: string;
  effective?: boolean;
  /** Index of the first entry wanted. */
  since?: number;
  /** At most this many, the newest. */
  limit?: number;
}

export interface StackQuery {
  account?: string;
  region?: string;
  name?: string;
  id?: string;
  status?: string;
}

export interface BuildQuery {
  account?: string;
  region?: string;
  project?: string;
  status?: string;
}

export interface ImageQuery {
  /** Id or name of the owner. */
  account?: string;
  region?: string;
  name?: string;
  state?: string;
}

const nothing = z.unknown().transform(() => undefined);

/** Speaks to the admin API of a sandbox in another process. Every method rejects with the sandbox's own message. */
export class SandboxAdmin {
  /** @param url of the sandbox, `http://127.0.0.1:4777`. */
  constructor(private readonly url: string) {}

  state() {
    return this.call('GET', 'state', stateSchema);
  }

  ledger(query: LedgerQuery = {}) {
    return this.call('GET', `ledger?${searchOf(query)}`, z.array(ledgerEntrySchema));
  }

  /** Counts over every call so far, those that the ledger no longer keeps included. */
  ledgerSummary() {
    return this.call('GET', 'ledger/summary', ledgerSummarySchema);
  }

  clearLedger() {
    return this.call('DELETE', 'ledger', nothing);
  }

  /** Puts these faults in place of all that are active. */
  setFaults(faults: FaultInput[]) {
    return this.call('PUT', 'faults', nothing, faults);
  }

  addFault(fault: FaultInput) {
    return this.call('POST', 'faults', nothing, fault);
  }

  /** No fault any more, and back if it was away. */
  clearFaults() {
    return this.call('DELETE', 'faults', nothing);
  }

  /** Breaks every connection but the admin API's for so many sandbox seconds; until `comeBack()` when not given. */
  goAway(seconds?: number) {
    return this.call('PUT', 'away', nothing, seconds === undefined ? {} : { seconds });
  }

  comeBack() {
    return this.call('DELETE', 'away', nothing);
  }

  /** Moves sandbox time forward at once. */
  skip(seconds: number) {
    return this.call('PUT', 'skip', nothing, { seconds });
  }

  /** Stacks as they truly are, deleted ones included. */
  stacks(query: StackQuery = {}) {
    return this.call('GET', `stacks?${searchOf(query)}`, z.array(stackStateSchema));
  }

  /** Puts a stack there at once. A name that was used before gets a new StackId. */
  createStack(stack: PlacedStackInput) {
    return this.call('POST', 'stacks', stackStateSchema, stack);
  }

  /** Changes a stack behind CloudFormation's back: protection, tags, status, failures. */
  changeStack(change: StackChange) {
    return this.call('PATCH', 'stacks', stackStateSchema, change);
  }

  /** Resources that deletes left behind. */
  orphans() {
    return this.call('GET', 'orphans', z.array(orphanSchema));
  }

  /** What a bucket holds; null when it isn't there. */
  async bucket(name: string) {
    const schema = z.object({ bucket: bucketStateSchema });
    return (await this.call('GET', `bucket?${searchOf({ name })}`, schema)).bucket;
  }

  /** Ids of the snapshots that an account has in a region. */
  snapshots(account: string, region: string) {
    return this.call('GET', `snapshots?${searchOf({ account, region })}`, z.array(z.string()));
  }

  /** Everything that a log holds, what isn't visible yet included: its messages one after the other. */
  async logText(group: string, stream: string, account: string, region: string) {
    const search = searchOf({ account, region, group, stream });
    return (await this.call('GET', `log?${search}`, logTextSchema)).text;
  }

  /** Buildkite's jobs as they truly are. */
  buildkiteJobs(query: { state?: string } = {}) {
    const path = `buildkite/jobs?${searchOf(query)}`;
    return this.call('GET', path, z.array(buildkiteJobStateSchema));
  }

  async buildkiteJob(uuid: string) {
    const path = `buildkite/jobs?${searchOf({ uuid })}`;
    const [job] = await this.call('GET', path, z.tuple([buildkiteJobStateSchema]));
    return job;
  }

  /** The log of a job: its chunks by sequence. */
  async buildkiteJobLog(uuid: string) {
    const path = `buildkite/log?${searchOf({ uuid })}`;
    return (await this.call('GET', path, z.object({ text: z.string() }))).text;
  }

  createBuildkiteJob(job: BuildkiteJobInput) {
    return this.call('POST', 'buildkite/jobs', buildkiteJobStateSchema, job);
  }

  /** As a person does: once asks its agent to stop, twice makes it `canceled` without waiting. */
  cancelBuildkiteJob(uuid: string) {
    return this.changeBuildkiteJob({ uuid, cancel: true });
  }

  /** As when its time is up: once makes it `timing_out`, twice `timed_out` without waiting for its agent. */
  timeOutBuildkiteJob(uuid: string) {
    return this.changeBuildkiteJob({ uuid, timeOut: true });
  }

  /** A job that is locked waits for others: acquire answers 423. */
  lockBuildkiteJob(uuid: string, locked: boolean) {
    return this.changeBuildkiteJob({ uuid, locked });
  }

  /** A paused queue gives out no jobs to pings, and says so to stacks. */
  pauseBuildkiteQueue(queue: string, paused: boolean) {
    return this.call('PUT', 'buildkite/queue', nothing, { queue, paused });
  }

  /** Every agent that has ever registered. */
  buildkiteAgents() {
    return this.call('GET', 'buildkite/agents', z.array(buildkiteAgentStateSchema));
  }

  /** What an agent's pings tell it from now on, until it is told otherwise. */
  instructBuildkiteAgent(order: BuildkiteAgentOrder) {
    return this.call('PATCH', 'buildkite/agents', buildkiteAgentStateSchema, order);
  }

  buildkiteStacks() {
    return this.call('GET', 'buildkite/stacks', z.array(buildkiteStackStateSchema));
  }

  /** Every token that Buildkite knows, for tests that look for them where they must not be. */
  buildkiteSecrets() {
    return this.call('GET', 'buildkite/secrets', z.array(z.string()));
  }

  private changeBuildkiteJob(change: BuildkiteJobChange) {
    return this.call('PATCH', 'buildkite/jobs', buildkiteJobStateSchema, change);
  }

  /** Builds as they truly are, oldest first. */
  builds(query: BuildQuery = {}) {
    return this.call('GET', `builds?${searchOf(query)}`, z.array(buildStateSchema));
  }

  /** What a build's whole log is, what can't be read yet included; its text up to 5 MB unless `text` says. */
  buildLog(id: string, { text }: { text?: boolean } = {}) {
    return this.call('GET', `build-log?${searchOf({ id, text })}`, buildLogStateSchema);
  }

  /** Ends a build as if AWS did. What really runs of it is killed, so that it may end a moment later. */
  changeBuild(change: BuildChange) {
    return this.call('PATCH', 'builds', buildStateSchema, change);
  }

  /** Images as they truly are, deregistered ones included, whatever EC2 shows of them yet. */
  images(query: ImageQuery = {}) {
    return this.call('GET', `images?${searchOf(query)}`, z.array(imageStateSchema));
  }

  /** Puts an image there: at once, or with `state` or `availableAfter` as a build does. */
  createImage(image: CreateImageInput) {
    return this.call('POST', 'images', imageStateSchema, image);
  }

  /** Changes an image behind EC2's back: its state (`failed` ends a copy), its tags. */
  changeImage(change: ImageChange) {
    return this.call('PATCH', 'images', imageStateSchema, change);
  }

  /** Copies that go on. */
  imageCopies() {
    return this.call('GET', 'image-copies', z.array(imageStateSchema));
  }

  /** Lets copies go wrong that start from now on. */
  failCopies(failure: CopyFailureInput) {
    return this.call('POST', 'copy-failures', nothing, failure);
  }

  /** Lets all copies come out from now on. */
  clearCopyFailures() {
    return this.call('DELETE', 'copy-failures', nothing);
  }

  /** Snapshots that no image uses any more. */
  orphanSnapshots() {
    return this.call('GET', 'orphan-snapshots', z.array(imageSnapshotSchema));
  }

  /** What Image Builder's pipelines have made or make, oldest first. */
  pipelineImages() {
    return this.call('GET', 'pipeline-images', z.array(pipelineImageSchema));
  }

  /** How long a pipeline of Image Builder takes from now on, and how it fails. */
  changePipeline(change: PipelineChange) {
    return this.call('PATCH', 'pipelines', nothing, change);
  }

  /** The secure files of a project of GitLab (its id or path), the newest first. */
  gitlabFiles(project: string) {
    return this.call(
      'GET',
      `gitlab/files?${searchOf({ project })}`,
      z.array(gitlabFileStateSchema),
    );
  }

  /** Puts a secure file there in place of one of its name, or deletes it, as a person does. */
  placeGitlabFile(change: GitlabFileChange) {
    return this.call('PUT', 'gitlab/files', z.array(gitlabFileStateSchema), change);
  }

  /** What happened to a secure file and its numbered generations, and when there was none of them. */
  gitlabFileHistory(project: string, name: string) {
    const path = `gitlab/file-history?${searchOf({ project, name })}`;
    return this.call('GET', path, gitlabFileHistorySchema);
  }

  /** Pipelines of GitLab as they truly are, children included, oldest first. */
  gitlabPipelines(query: { project?: string } = {}) {
    const path = `gitlab/pipelines?${searchOf(query)}`;
    return this.call('GET', path, z.array(gitlabPipelineStateSchema));
  }

  /** Every token that GitLab knows. */
  gitlabSecrets() {
    return this.call('GET', 'gitlab/secrets', z.array(z.string()));
  }

  /** The package mirrors, each with how it serves now. */
  mirrors() {
    return this.call('GET', 'mirrors', z.array(mirrorViewSchema));
  }

  /** Publishes packages on a mirror; one that is there already stays. */
  addPackages(mirror: string, packages: MirrorPackageInput[]) {
    return this.call('POST', 'mirrors/packages', mirrorViewSchema, { mirror, packages });
  }

  /** Takes packages off a mirror: all versions, or all architectures, where none is named. */
  removePackages(mirror: string, packages: MirrorPackageChoice[]) {
    return this.call('DELETE', 'mirrors/packages', mirrorViewSchema, { mirror, packages });
  }

  /** How a mirror serves from now on: in the middle of a sync, half, slow, down, or whole again. */
  setMirror(mirror: string, state: MirrorStateInput) {
    return this.call('PATCH', 'mirrors', mirrorViewSchema, { mirror, state });
  }

  private async call<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<T> {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    if (response.ok) return schema.parse(json);
    const { error } = z.object({ error: z.string() }).parse(json);
    throw new Error(`sandbox: ${error}`);
  }
}

function searchOf(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, String(value));
  return search.toString();
}
