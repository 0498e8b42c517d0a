import type { OneBuild } from '../../activities/builds/index.js';
import { activitiesWith } from './activities.js';
import { unwrapped } from '../failure.js';

/** Stops a build that no workflow of ours follows. */
export async function stopBuild(build: OneBuild): Promise<void> {
  await unwrapped(activitiesWith().stop.stopBuild(build));
}
