import type { LineRequest } from '../../domain/images/messages.js';
import type { CheckResult } from '../../domain/images/result.js';
import { unwrapped } from '../failure.js';
import { activitiesWith } from './activities.js';

/** What a schedule starts: asks the line to check, starts it where it is not there yet, and waits for what comes of it. */
export async function imageCheck(request: LineRequest): Promise<CheckResult> {
  return await unwrapped(activitiesWith().ask.checkLine(request));
}
