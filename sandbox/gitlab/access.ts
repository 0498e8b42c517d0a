import type { AwsRequest } from '../core/service.js';
import { forbidden, notFound, unauthorized } from './refusal.js';
import type { GitlabSettings } from './settings.js';

/** Who may make a call: an access token that may write or read, a job's token, or (`none`) one in the body. */
export type Access = 'read' | 'write' | 'none';

/**
 * Checks the token that a request shows. A wrong one is 401; none at all, too, but that a read of a private project
 * is 404, as if it weren't there.
 */
export function authorize(
  settings: GitlabSettings,
  request: AwsRequest,
  needed: Access,
  jobTokenAllowed: boolean,
): void {
  if (needed === 'none') return;
  const { headers } = request;
  const token =
    headers['private-token'] ?? /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1];
  const jobToken = headers['job-token'];
  if (token === undefined && jobToken === undefined) {
    if (needed === 'read') throw notFound('Project');
    throw unauthorized();
  }
  if (token !== undefined) {
    if (token === settings.token) return;
    if (token !== settings.readToken) throw unauthorized();
    if (needed === 'write') throw forbidden();
    return;
  }
  if (jobToken !== settings.jobToken || !jobTokenAllowed) throw unauthorized();
}
