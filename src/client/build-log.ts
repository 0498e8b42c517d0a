import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { type LogCursor, type LogEvent, logStart } from '../domain/builds/log-cursor.js';
import type { LogAnswer, LogRequest } from '../domain/builds/log-page.js';
import type { BuildBegun } from '../domain/builds/messages.js';
import type { BuildStatus } from '../domain/builds/result.js';
import type { Caller } from './caller.js';
import { fromTemporalError } from './errors.js';

const unpack = promisify(gunzip);
const packedSchema = z.array(z.tuple([z.number(), z.string()]));

/** How long a look waits for something new, in milliseconds. */
const patience = 20_000;

export interface LogsOptions {
  /** Whether to go on until the build has ended and its log is whole; true unless given. */
  follow?: boolean;
  signal?: AbortSignal;
}

/** Events of a log that follow those of the page before. */
export interface LogPage {
  buildId: string;
  /** Milliseconds since the epoch; a message carries its own line break, if it ends a line. */
  events: LogEvent[];
  status: BuildStatus;
  /** The phase that the build is in: QUEUED, PROVISIONING, … */
  phase?: string;
}

/**
 * Has a worker read the log of a build, page after page: no credentials are needed here. Each look is a workflow
 * of its own, so that no history grows with the log.
 */
export async function* readLog(
  caller: Caller,
  { buildId, place }: BuildBegun,
  { follow = true, signal }: LogsOptions,
): AsyncGenerator<LogPage> {
  let cursor: LogCursor = logStart;
  for (;;) {
    if (signal?.aborted) return;
    const wait = follow ? patience : 0;
    const answer = await look(caller, { place, buildId, cursor, wait }, signal);
    if (!answer) return;
    const { status, phase } = answer.build;
    const standing = { buildId, status, ...(phase === undefined ? {} : { phase }) };
    for (const page of answer.pages) yield { ...standing, events: await eventsOf(page) };
    if (answer.pages.length === 0) yield { ...standing, events: [] };
    // A log that goes on is not run after, line by line.
    if (answer.isWhole || (!follow && answer.isEnd)) return;
    cursor = answer.cursor;
  }
}

/** Undefined when the signal ended it. */
async function look(
  caller: Caller,
  request: LogRequest,
  signal: AbortSignal | undefined,
): Promise<LogAnswer | undefined> {
  try {
    return await caller.until(signal, () =>
      caller.client.workflow.execute<(request: LogRequest) => Promise<LogAnswer>>('buildLog', {
        workflowId: `build-log-${randomBytes(8).toString('hex')}`,
        taskQueue: caller.taskQueue,
        args: [request],
        workflowExecutionTimeout: '1h',
      }),
    );
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw fromTemporalError(error, `the log of ${request.buildId} can’t be read`);
  }
}

async function eventsOf(page: string): Promise<LogEvent[]> {
  const json: unknown = JSON.parse((await unpack(Buffer.from(page, 'base64'))).toString());
  return packedSchema.parse(json).map(([timestamp, message]) => ({ timestamp, message }));
}
