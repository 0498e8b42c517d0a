import type { DescribedBuild } from '../../activities/builds/describe-build.js';
import { activitiesWith } from './activities.js';
import { unwrapped } from '../failure.js';

/** Looks at a build, whoever started it. */
export async function describeBuild(input: unknown): Promise<DescribedBuild> {
  return await unwrapped(activitiesWith().look.describeBuild(input ?? {}));
}
