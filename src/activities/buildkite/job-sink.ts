import { BuildkiteError } from '../../buildkite/index.js';
import type { LogChunk } from '../../domain/buildkite/chunks.js';
import type { JobSink } from '../../domain/buildkite/job-sink.js';
import type { Pace } from '../../domain/config/index.js';
import type { LogSink } from '../builds/sinks/sink.js';
import type { Agents, JobSession } from './agents.js';
import { fromBuildkiteError } from './failures.js';

/** The log of a Buildkite job. A chunk that is uploaded again, the same one, is harmless. */
export class BuildkiteJobSink implements LogSink {
  readonly chunkBytes: number;
  readonly isNumbered = true;
  /** As many as Buildkite's own agent has. */
  readonly chunksAtOnce = 3;
  private opened: Promise<JobSession> | undefined;

  constructor(
    private readonly agents: Agents,
    private readonly sink: JobSink,
    private readonly pace: Pace,
  ) {
    this.chunkBytes = sink.chunkBytes;
  }

  async write(chunk: LogChunk, signal: AbortSignal): Promise<'written' | 'lost'> {
    const fitting = this.within(chunk);
    if (!fitting) return 'lost';
    const { session, job } = await this.session();
    try {
      await this.agents.api(session).uploadChunk(session, job, fitting, signal);
      return fitting === chunk ? 'written' : 'lost';
    } catch (error) {
      // Refused for good: the job is over, and the rest of the log with it.
      if (error instanceof BuildkiteError && !error.retryable) return 'lost';
      throw fromBuildkiteError(error, `chunk ${chunk.sequence} can’t be uploaded`);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What Buildkite keeps of a chunk: a job's log has a limit. */
  private within(chunk: LogChunk): LogChunk | undefined {
    const room = this.sink.logMaxBytes - chunk.offset;
    if (room >= chunk.bytes.length) return chunk;
    return room <= 0 ? undefined : { ...chunk, bytes: chunk.bytes.subarray(0, room) };
  }

  private session(): Promise<JobSession> {
    this.opened ??= this.agents.openSession(this.sink.session, this.sink.jobId, this.pace);
    return this.opened;
  }
}
