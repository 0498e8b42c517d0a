import { z } from 'zod';
import type { JsonAction } from '../../core/aws-json.js';
import { invalidInput } from '../errors.js';
import { showBuild } from '../show-build.js';
import { action, initiatorOf, type Parts } from './action.js';
import { findBuild } from './find-build.js';

const schema = z.strictObject({
  id: z.string().min(1),
  idempotencyToken: z.string().min(1).optional(),
});

/** A new build with the same overrides as the one that has ended. */
export function retryBuild(parts: Parts): JsonAction {
  return action(schema, ({ id, idempotencyToken }, call) => {
    const build = findBuild(parts, call, id);
    const token = `RetryBuild/${call.accountId}/${call.region}/${idempotencyToken}`;
    const known =
      idempotencyToken === undefined ? undefined : parts.tokens.find(token, id, call.now);
    if (known)
      return { json: { build: showBuild(known, call.now) }, subject: known.id, effective: false };
    if (!build.hasEnded)
      throw invalidInput(`Build ${build.id} is in progress, and can't be retried`);
    const { project, input } = build.options;
    const retried = parts.starter.start({ project, input, initiator: initiatorOf(call) }, call.now);
    if (idempotencyToken !== undefined) parts.tokens.remember(token, id, retried, call.now);
    return { json: { build: showBuild(retried, call.now) }, subject: retried.id, effective: true };
  });
}
