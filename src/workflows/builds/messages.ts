import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BuildBegun, BuildProgress, StopRequest } from '../../domain/builds/messages.js';

export const progressQuery = defineQuery<BuildProgress>('progress');
export const buildsQuery = defineQuery<BuildBegun[]>('builds');
// A signal: an update's answer and what follows from it would be decided in one go, in an order that hangs on the
// worker's interceptors.
export const stopSignal = defineSignal<[StopRequest?]>('stop');
export const nextBuildUpdate = defineUpdate<BuildBegun | null, [{ after?: string }?]>('nextBuild');
