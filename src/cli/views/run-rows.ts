import { InvalidArgumentError } from 'commander';
import { formatDuration } from '../../report/format.js';

/** A workflow as lists show it. */
export interface Listed {
  workflowId: string;
  status: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
}

/** Workflow, state, start and duration: a row of a table. */
export function runRow({ workflowId, status, startedAt, endedAt }: Listed): string[] {
  const took = (endedAt === undefined ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt);
  return [
    workflowId,
    status.toLowerCase().replaceAll('_', ' '),
    startedAt.slice(0, 19).replace('T', ' '),
    formatDuration(took),
  ];
}

/** The value of `--limit`. */
export function rowLimit(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
