import { connect } from 'node:net';
import { Connection } from '@temporalio/client';
import { splitAddress } from './address.js';
import type { TemporalTarget } from './target.js';

/** What a server says of itself. */
export interface ServerAnswer {
  /** Version of the server, such as `1.29.1`; Temporal Cloud has its own numbers. */
  version: string;
}

export type ProbeResult = ServerAnswer | { error: Error };

/** How long a server on this machine may take to answer, in milliseconds. */
export const localDeadlineMs = 3000;
/** The same for one elsewhere: a name to resolve, TLS to agree on. */
export const remoteDeadlineMs = 10_000;

/**
 * Asks whether a Temporal server, and not just anything that listens, answers there (GetSystemInfo).
 * Never throws; takes `deadlineMs` at most.
 */
export async function probe(target: TemporalTarget, deadlineMs: number): Promise<ProbeResult> {
  const until = Date.now() + deadlineMs;
  try {
    await openPort(target.address, deadlineMs);
    return await withDeadline(systemInfo(target, until), until);
  } catch (cause) {
    return { error: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}

export function answered(result: ProbeResult): result is ServerAnswer {
  return 'version' in result;
}

async function systemInfo(target: TemporalTarget, until: number): Promise<ServerAnswer> {
  const connection = await Connection.connect({
    ...target.connectionOptions,
    connectTimeout: Math.max(until - Date.now(), 1),
  });
  try {
    const answer = await connection.withDeadline(until, () =>
      connection.workflowService.getSystemInfo({}),
    );
    return { version: answer.serverVersion };
  } finally {
    await connection.close();
  }
}

/** A refused connection is known at once, where gRPC would go on trying until its deadline. */
function openPort(address: string, deadlineMs: number): Promise<void> {
  const { host, port } = splitAddress(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: deadlineMs });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => fail(new Error(`no connection within ${deadlineMs} ms`)));
    socket.once('error', fail);
  });
}

async function withDeadline<T>(work: Promise<T>, until: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('something listens there, but it does not answer as Temporal does')),
      // A little after gRPC's own deadline, whose message says more.
      Math.max(until - Date.now(), 0) + 500,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
