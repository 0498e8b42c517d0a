import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { BuildBegun, BuildProgress, StopRequest } from '../../domain/builds/messages.js';

export const progressQuery = defineQuery<BuildProgress>('progress');
export const buildsQuery = defineQuery<BuildBegun[]>('builds');
export const stopUpdate = defineUpdate<void, [StopRequest?]>('stop');
export const nextBuildUpdate = defineUpdate<BuildBegun | null, [{ after?: string }?]>('nextBuild');
