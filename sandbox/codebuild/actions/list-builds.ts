import { z } from 'zod';
import type { JsonAction, JsonCall } from '../../core/aws-json.js';
import type { Build } from '../build.js';
import { invalidInput } from '../errors.js';
import { pageSize } from '../limits.js';
import { action, findProject, type Parts } from './action.js';

const sortOrder = z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING');
const nextToken = z.string().min(1).optional();
type SortOrder = z.infer<typeof sortOrder>;

export function listBuilds(parts: Parts): JsonAction {
  return action(z.strictObject({ sortOrder, nextToken }), (input, call) => ({
    json: page(parts, parts.store.ofTarget(call.accountId, call.region), input, call),
  }));
}

export function listBuildsForProject(parts: Parts): JsonAction {
  const schema = z.strictObject({ projectName: z.string().min(1), sortOrder, nextToken });
  return action(schema, (input, call) => {
    const project = findProject(parts, call, input.projectName);
    return {
      json: page(parts, parts.store.ofProject(project), input, call),
      subject: project.name,
    };
  });
}

/** Ids by time of submission. Builds are only ever added at the end, so a token holds a place from the start. */
function page(
  { settings }: Parts,
  builds: readonly Build[],
  input: { sortOrder: SortOrder; nextToken?: string | undefined },
  { now }: JsonCall,
): unknown {
  const shownFrom = now - settings.listDelaySeconds * 1000;
  let shown = builds.length;
  while (shown > 0 && (builds[shown - 1]?.options.submittedAt ?? 0) > shownFrom) shown--;
  const isAscending = input.sortOrder === 'ASCENDING';
  const start =
    input.nextToken === undefined
      ? isAscending
        ? 0
        : shown
      : placeOf(input.nextToken, input.sortOrder);
  const [from, to] = isAscending
    ? [start, Math.min(shown, start + pageSize)]
    : [Math.max(0, start - pageSize), start];
  const ids = builds.slice(from, to).map((build) => build.id);
  const hasMore = isAscending ? to < shown : from > 0;
  return {
    ids: isAscending ? ids : ids.reverse(),
    nextToken: hasMore ? tokenOf(isAscending ? to : from, input.sortOrder) : undefined,
  };
}

function tokenOf(place: number, order: SortOrder): string {
  return Buffer.from(`${order}:${place}`).toString('base64url');
}

function placeOf(token: string, order: SortOrder): number {
  const text = Buffer.from(token, 'base64url').toString();
  const [, ordered, place] = /^(\w+):(\d+)$/.exec(text) ?? [];
  if (place === undefined || ordered !== order) throw invalidInput(`Invalid nextToken: ${token}`);
  return Number(place);
}
