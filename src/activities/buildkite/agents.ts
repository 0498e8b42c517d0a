import { arch, hostname, platform } from 'node:os';
import {
  AgentApi,
  type AgentSession,
  type Job,
  type JobAccess,
  agentSessionSchema,
  jobSchema,
} from '../../buildkite/index.js';
import { type BuildkiteAccess, type QueueSpec, sealedFor } from '../../domain/buildkite/spec.js';
import type { Pace } from '../../domain/config/index.js';
import { z } from 'zod';
import type { BuildkiteSecrets } from './secrets.js';

const jobAccessSchema = z.object({ id: z.string(), token: z.string().optional() });
const jobSessionSchema = z.object({ session: agentSessionSchema, job: jobAccessSchema });

/** An agent's session, and the job that it is for. */
export interface JobSession {
  session: AgentSession;
  job: JobAccess;
}

/** Where something sealed is opened: of which Buildkite, at which pace. */
export interface Sealer extends BuildkiteAccess {
  pace: Pace;
}

export function sealerOf({ endpoint, token, place }: QueueSpec): Sealer {
  return { endpoint, token, pace: place.pace };
}

/** Agents of ours: one per job, registered when the job needs it. */
export class Agents {
  constructor(readonly secrets: BuildkiteSecrets) {}

  api({ endpoint }: BuildkiteAccess | { endpoint: string }): AgentApi {
    return new AgentApi({ endpoint });
  }

  /** Registers and connects an agent. One whose answer is lost is forgotten by Buildkite after three minutes. */
  async register(
    queue: QueueSpec,
    agent: { name: string; ignoreInDispatches: boolean },
    signal: AbortSignal,
  ): Promise<AgentSession> {
    const token = await this.secrets.agentToken(queue, queue.place.pace);
    const registration = {
      ...agent,
      hostname: hostname(),
      os: platform(),
      arch: arch(),
      version: agentVersion,
      build: 'nightshift',
      tags: queue.tags,
    };
    return await this.secrets.forgetUnknown(queue, () =>
      this.api(queue).register(token, registration, signal),
    );
  }

  /** Seals a session for all that is done about one job. */
  sealSession(sealer: Sealer, jobId: string, of: JobSession): Promise<string> {
    return this.secrets.seal(sealer, sealer.pace, JSON.stringify(of), sealedFor.session(jobId));
  }

  async openSession(sealed: string, jobId: string, pace: Pace): Promise<JobSession> {
    const text = await this.secrets.open(sealed, sealedFor.session(jobId), pace);
    return jobSessionSchema.parse(JSON.parse(text));
  }

  /** Seals a job as it was handed out: its environment may hold secrets. */
  sealJob(sealer: Sealer, job: Job): Promise<string> {
    return this.secrets.seal(sealer, sealer.pace, JSON.stringify(job), sealedFor.job(job.id));
  }

  async openJob(sealed: string, jobId: string, pace: Pace): Promise<Job> {
    const text = await this.secrets.open(sealed, sealedFor.job(jobId), pace);
    return jobSchema.parse(JSON.parse(text));
  }
}

/** The version of the agent API that is spoken, as Buildkite shows it. */
const agentVersion = '3.0.0';
