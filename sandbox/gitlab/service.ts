import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import { authorize } from './access.js';
import type { GitlabReply } from './call.js';
import type { Gitlab } from './gitlab.js';
import { GitlabRefusal, notFound } from './refusal.js';
import { routeOf } from './routes.js';

/** Answers GitLab's REST API under `/api/v4/`. */
export class GitlabService implements Service {
  readonly names = ['gitlab'];
  readonly foreign = { pathPrefix: '/api/v4/', accountId: 'gitlab', region: '-' };

  constructor(private readonly gitlab: Gitlab) {}

  actionOf(request: AwsRequest): string {
    return routeOf(request.method, request.path)?.route.action ?? 'Unknown';
  }

  async handle(request: AwsRequest): Promise<AwsResponse> {
    const found = routeOf(request.method, request.path);
    const action = found?.route.action ?? 'Unknown';
    if (!found) return refused(action, new GitlabRefusal(404, { error: '404 Not Found' }));
    const { route, params } = found;
    const { gitlab } = this;
    const now = gitlab.clock.now();
    const limited = this.limited(now);
    if (limited) return { ...limited, action };
    try {
      authorize(gitlab.settings, request, route.access, route.job ?? false);
      const project = gitlab.project(params['project'] ?? '');
      if (!project) throw notFound('Project');
      return { action, ...rendered(await route.run({ gitlab, project, request, params, now })) };
    } catch (error) {
      if (!(error instanceof GitlabRefusal)) throw error;
      const id = params['id'];
      return { ...refused(action, error), ...(id === undefined ? {} : { subject: id }) };
    }
  }

  /** A fault: those that AWS has are told in GitLab's way. */
  renderError(error: { code: string; message: string; status: number }): AwsResponse {
    if (error.code === 'Throttling')
      return { ...retryLater(this.gitlab.clock.now(), 1000, {}), errorCode: error.code };
    const refusal = new GitlabRefusal(error.status, {
      message: `${error.status} ${error.message}`,
    });
    return { ...refused('', refusal), errorCode: error.code };
  }

  private limited(now: number): Omit<AwsResponse, 'action'> | undefined {
    const { requests } = this.gitlab;
    const taken = requests?.take('all', now);
    if (!requests || !taken || taken.granted) return undefined;
    return retryLater(now, taken.resetMs, {
      'RateLimit-Limit': String(requests.perMinute),
      'RateLimit-Observed': String(taken.observed),
      'RateLimit-Remaining': '0',
    });
  }
}

/** A request too many, as lib/gitlab/rack_attack.rb answers it: text, and a reset in Unix time. */
function retryLater(now: number, resetMs: number, more: Record<string, string>): AwsResponse {
  const seconds = Math.ceil(resetMs / 1000);
  const reset = Math.floor(now / 1000) + seconds;
  return {
    action: '',
    status: 429,
    headers: {
      'content-type': 'text/plain',
      'RateLimit-Name': 'throttle_authenticated_api',
      ...more,
      'RateLimit-Reset': String(reset),
      'RateLimit-ResetTime': new Date(reset * 1000).toUTCString(),
      'Retry-After': String(seconds),
    },
    body: 'Retry later\n',
    errorCode: '429',
  };
}

function rendered(reply: GitlabReply): Omit<AwsResponse, 'action'> {
  const status = reply.status ?? 200;
  const isJson = reply.bytes === undefined && status !== 204;
  return {
    status,
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...reply.headers },
    body: reply.bytes ?? (isJson ? JSON.stringify(reply.json ?? {}) : ''),
    effective: reply.effective ?? false,
    ...(reply.subject === undefined ? {} : { subject: reply.subject }),
  };
}

function refused(action: string, refusal: GitlabRefusal): AwsResponse {
  return {
    action,
    status: refusal.status,
    headers: { 'content-type': 'application/json', ...refusal.headers },
    body: JSON.stringify(refusal.json),
    errorCode: String(refusal.status),
  };
}
