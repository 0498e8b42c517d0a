import type { LogAnswer, LogRequest } from '../../domain/builds/log-page.js';
import { activitiesWith } from './activities.js';
import { unwrapped } from '../failure.js';

/** One look at a build's log, for a client that has no way to AWS of its own. */
export async function buildLog(request: LogRequest): Promise<LogAnswer> {
  return await unwrapped(activitiesWith().read.readLog(request));
}
