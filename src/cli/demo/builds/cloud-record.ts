import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BuildState } from '../../../../sandbox/admin/build-schema.js';
import type { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { BuildkiteJobState } from '../../../../sandbox/buildkite/view.js';
import type { NightshiftClient } from '../../../client/index.js';
import type { BuildPiece, JobPiece, Piece } from './pieces.js';
import { buildsOf } from './standing.js';
import type { Ending } from './work.js';

/** A log, or what has come of it somewhere. */
export interface LogSum {
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** One build or job, as all who know of it have it. */
export interface PieceRecord {
  name: string;
  ending: Ending;
  via: Piece['via'];
  /** Bytes of log that it writes at least. */
  logBytes?: number;
  /** What Nightshift says. */
  told: {
    /** CodeBuild's status of a build, Nightshift's word for a job: finished, cancelled, lost. */
    status: string;
    exitStatus?: number;
    /** Bytes of log that it handed on. */
    bytes: number;
  };
  /** Builds in CodeBuild that were started for it. */
  builds: BuildState[];
  /** CodeBuild's own log of the last of them. */
  log: LogSum;
  /** The log where it was to go: in a file, or in Buildkite. */
  arrived: LogSum;
  /** What Buildkite has of it. */
  job?: BuildkiteJobState;
}

/** What the cloud itself says in the end. */
export interface CloudRecord {
  pieces: PieceRecord[];
  /** All that there are in CodeBuild. */
  builds: BuildState[];
  /** StartBuild calls that were answered. */
  startCalls: number;
  agents: Awaited<ReturnType<SandboxAdmin['buildkiteAgents']>>;
  /** Keys of stacks that are still registered. */
  stacks: string[];
}

/** Asks everybody. */
export async function cloudRecord(
  admin: SandboxAdmin,
  nightshift: NightshiftClient,
  pieces: readonly Piece[],
): Promise<CloudRecord> {
  const builds = await admin.builds();
  const records: PieceRecord[] = [];
  for (const piece of pieces) {
    const { work, via } = piece;
    const own = buildsOf(piece, builds);
    const { name, ending, logBytes } = work;
    records.push({
      ...{ name, ending, via, builds: own },
      ...(logBytes === undefined ? {} : { logBytes }),
      log: await sumOf(admin, own.at(-1)),
      ...(piece.kind === 'build'
        ? await recordOfBuild(piece)
        : await recordOfJob(piece, admin, nightshift)),
    });
  }
  const { actions } = await admin.ledgerSummary();
  return {
    pieces: records,
    builds,
    startCalls: actions['codebuild:StartBuild']?.['ok'] ?? 0,
    agents: await admin.buildkiteAgents(),
    stacks: (await admin.buildkiteStacks()).map(({ key }) => key),
  };
}

async function sumOf(admin: SandboxAdmin, build: BuildState | undefined): Promise<LogSum> {
  if (!build) return { bytes: 0, sha256: '' };
  const { bytes, sha256 } = await admin.buildLog(build.id, { text: false });
  return { bytes, sha256 };
}

async function recordOfBuild({
  handle,
  file,
}: BuildPiece): Promise<Pick<PieceRecord, 'told' | 'arrived'>> {
  const { status, exitStatus, log } = await handle.result();
  const told = { status, bytes: log.bytes ?? 0 };
  return {
    told: exitStatus === undefined ? told : { ...told, exitStatus },
    arrived: await sumOfFile(file),
  };
}

async function recordOfJob(
  { uuid }: JobPiece,
  admin: SandboxAdmin,
  nightshift: NightshiftClient,
): Promise<Pick<PieceRecord, 'told' | 'arrived' | 'job'>> {
  const { outcome, exitStatus, log } = await nightshift.buildkite.job(uuid).result();
  const job = await admin.buildkiteJob(uuid);
  const { bytes, sha256 } = job.log;
  return {
    told: { status: outcome, exitStatus, bytes: log.bytes },
    arrived: { bytes, sha256 },
    job,
  };
}

async function sumOfFile(path: string): Promise<LogSum> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}
