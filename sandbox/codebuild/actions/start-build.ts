import type { JsonAction } from '../../core/aws-json.js';
import { showBuild } from '../show-build.js';
import { startBuildSchema } from '../start-input.js';
import { action, findProject, initiatorOf, type Parts } from './action.js';

export function startBuild(parts: Parts): JsonAction {
  return action(startBuildSchema, (input, call) => {
    const { idempotencyToken, ...parameters } = input;
    const project = findProject(parts, call, input.projectName);
    const token = `StartBuild/${call.accountId}/${call.region}/${idempotencyToken}`;
    const known =
      idempotencyToken === undefined ? undefined : parts.tokens.find(token, parameters, call.now);
    if (known)
      return { json: { build: showBuild(known, call.now) }, subject: known.id, effective: false };
    const initiator = initiatorOf(call);
    const build = parts.starter.start({ project, input, initiator }, call.now);
    if (idempotencyToken !== undefined) parts.tokens.remember(token, parameters, build, call.now);
    return { json: { build: showBuild(build, call.now) }, subject: build.id, effective: true };
  });
}
