import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/temporal/package-root.js';
import { processIdentity } from '../../src/temporal/process-identity.js';
import { until } from '../support/temporal/until.js';

const program = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');

/** Where the demos of a test file run, and where they have their temporary files. */
export interface DemoPlace {
  folder: string;
  temporary: string;
}

export function demoPlace(): DemoPlace {
  const place: DemoPlace = { folder: '', temporary: '' };
  beforeAll(async () => {
    place.folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-demo-test-'));
    place.temporary = join(place.folder, 'tmp');
    await mkdir(place.temporary);
  });
  afterAll(() => rm(place.folder, { recursive: true, force: true }));
  return place;
}

export interface Demo {
  child: ChildProcess;
  output: () => Promise<string>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

export interface DemoOptions extends DemoPlace {
  /** Of the run: its output goes to a file of this name. */
  name: string;
  /** After `nightshift demo`. */
  args?: string[];
  /** Address of a Temporal server; the demo starts one of its own where none is given. */
  server?: string;
}

/** Runs a demo as a user does who sends its output to a file. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { folder, temporary, name, args = [], server } = options;
  const path = join(folder, `${name}.txt`);
  const file = await open(path, 'w');
  const kept = Object.entries(process.env).filter(([key]) => !/^(AWS_|TEMPORAL_)/.test(key));
  const child = spawn(process.execPath, [program, 'demo', ...args], {
    cwd: folder,
    env: {
      ...Object.fromEntries(kept),
      TMPDIR: temporary,
      ...(server === undefined ? {} : { TEMPORAL_ADDRESS: server }),
    },
    stdio: ['ignore', file.fd, file.fd],
  });
  await file.close();
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, ended, output: () => readFile(path, 'utf8') };
}

/** Process ids that the demo has named on the screen. */
export function pidsIn(output: string): number[] {
  return [...output.matchAll(/\bprocess\s+(\d+)/g)].map((match) => Number(match[1]));
}

export async function livingOf(pids: readonly number[]): Promise<number[]> {
  const identities = await Promise.all(pids.map(processIdentity));
  return pids.filter((_, index) => identities[index] !== undefined);
}

/** The Temporal server that a demo started, unless it found one on the default port. */
export async function serverPid({ folder }: DemoPlace): Promise<number[]> {
  const path = join(folder, '.nightshift', 'server.json');
  if (!existsSync(path)) return [];
  const recordSchema = z.object({ server: z.object({ pid: z.number() }) });
  return [recordSchema.parse(JSON.parse(await readFile(path, 'utf8'))).server.pid];
}

/** What a demo prints, as those see it who read a file on 80 columns. */
export function linesTooLong(output: string): string[] {
  return output.split('\n').filter((line) => line.length > 80);
}

/** The task queue that a demo has named on the screen. */
export function taskQueueIn(output: string): string {
  const name = /task queue\s+(nightshift-demo-\w+)/.exec(output)?.[1];
  expect(name).toBeDefined();
  return name!;
}

/** Of the demo's task queue, a server that others use has neither workflows that go on nor schedules. */
export async function expectNothingOn(address: string, taskQueue: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  try {
    // What has ended is listed as running for a moment more.
    await until('nothing goes on', async () => (await onQueue(client, taskQueue)).length === 0);
  } finally {
    await connection.close();
  }
}

async function onQueue({ workflow, schedule }: Client, taskQueue: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { scheduleId } of schedule.list())
    if (scheduleId.includes(taskQueue)) found.push(scheduleId);
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of workflow.list({ query })) found.push(workflowId);
  return found;
}
