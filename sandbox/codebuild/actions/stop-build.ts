import { z } from 'zod';
import type { JsonAction } from '../../core/aws-json.js';
import { showBuild } from '../show-build.js';
import { action, type Parts } from './action.js';
import { findBuild } from './find-build.js';

/** Of a build that has ended, the answer is the build as it is. */
export function stopBuild(parts: Parts): JsonAction {
  return action(z.strictObject({ id: z.string().min(1) }), ({ id }, call) => {
    const build = findBuild(parts, call, id);
    const effective = parts.lifecycle.stop(build, call.now);
    return { json: { build: showBuild(build, call.now) }, subject: build.id, effective };
  });
}
