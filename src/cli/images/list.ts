import type { Command } from 'commander';
import type { LineStatus } from '../../client/index.js';
import type { Line } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { type CellCounts, countCells } from '../../report/images/matrix.js';
import { exitCodes } from '../exit.js';
import { interruptible } from '../interrupts.js';
import { type Output, printJson } from '../output.js';
import { type Session, withSession } from '../session.js';
import { renderTable } from '../views/table.js';
import { expectWorker } from '../worker-check.js';
import { type LineFlags, addSessionFlags, lineFor } from './line-command.js';

/** A line of the config, and how it stands. */
interface LineListing extends Partial<CellCounts> {
  line: string;
  channel: string;
  product: string;
  /** ISO 8601; absent where the line has never been checked. */
  checkedAt?: string;
  awaitingApproval?: number;
  trouble?: string;
}

/** `nightshift images list` */
export function listCommand(parent: Command, output: Output): void {
  addSessionFlags(
    parent.command('list').description('show the lines of nightshift.yaml, and how they stand'),
  ).action(async (flags: Omit<LineFlags, 'channel'>) => {
    process.exitCode = await withSession({ ...flags, needsConfig: true }, async (session) => {
      const lines = session.loaded?.config.images ?? [];
      const listed = lines.length === 0 ? [] : await listingsOf(lines, session, output);
      if (flags.json) printJson(output, listed);
      else if (listed.length === 0) output.say('nightshift.yaml has no images');
      else output.print(renderTable(head, listed.map(row)));
      return exitCodes.done;
    });
  });
}

async function listingsOf(
  lines: readonly Line[],
  session: Session,
  output: Output,
): Promise<LineListing[]> {
  return await interruptible(async (signal) => {
    await expectWorker(session, output, signal);
    const listed: LineListing[] = [];
    for (const { line, channel, product } of lines) {
      const status = await statusIfAny(lineFor(line, channel, session), signal);
      listed.push({ line, channel, product, ...(status ? standingOf(status) : {}) });
    }
    return listed;
  });
}

async function statusIfAny(
  line: ReturnType<typeof lineFor>,
  signal: AbortSignal,
): Promise<LineStatus | undefined> {
  try {
    return await line.status(signal);
  } catch (error) {
    if (error instanceof NightshiftError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

function standingOf({ cells, checkedAt, awaitingApproval, trouble }: LineStatus) {
  return {
    ...countCells(cells),
    awaitingApproval,
    ...(checkedAt === undefined ? {} : { checkedAt }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

const head = ['LINE', 'CHANNEL', 'BUILT', 'BUILDING', 'MISSING', 'HELD', 'MIRROR READ (UTC)'];

function row(listing: LineListing): string[] {
  const { line, channel, built, building, missing, held, checkedAt, trouble } = listing;
  const read = checkedAt === undefined ? 'never' : checkedAt.slice(0, 16).replace('T', ' ');
  return [
    line,
    channel,
    ...[built, building, missing, held].map((count) => String(count ?? '-')),
    trouble === undefined ? read : `${read}, trouble since`,
  ];
}
