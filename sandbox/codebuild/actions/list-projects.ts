import { z } from 'zod';
import type { JsonAction } from '../../core/aws-json.js';
import { AwsError } from '../../core/aws-error.js';
import { offsetPage } from '../../core/offset-page.js';
import { invalidInput } from '../errors.js';
import { pageSize } from '../limits.js';
import type { Project } from '../project.js';
import { action, type Parts } from './action.js';

const schema = z.strictObject({
  sortBy: z.enum(['NAME', 'CREATED_TIME', 'LAST_MODIFIED_TIME']).default('NAME'),
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING'),
  nextToken: z.string().min(1).optional(),
});

export function listProjects({ store }: Parts): JsonAction {
  return action(schema, ({ sortBy, sortOrder, nextToken }, { accountId, region }) => {
    // Projects of a fleet are as old as the sandbox, and never change.
    const before = (a: Project, b: Project) =>
      (sortBy === 'NAME' ? 0 : a.createdAt - b.createdAt) || (a.name < b.name ? -1 : 1);
    const projects = store.projects(accountId, region).sort(before);
    if (sortOrder === 'DESCENDING') projects.reverse();
    const { items, next } = pageOf(projects, nextToken);
    return { json: { projects: items.map(({ name }) => name), nextToken: next } };
  });
}

function pageOf(projects: readonly Project[], token: string | undefined) {
  try {
    return offsetPage(projects, token, pageSize);
  } catch (error) {
    if (error instanceof AwsError) throw invalidInput(error.message);
    throw error;
  }
}
