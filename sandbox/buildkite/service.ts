import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import type { Buildkite } from './buildkite.js';
import type { BuildkiteReply } from './call.js';
import { BuildkiteRefusal, notFound } from './refusal.js';
import { routeOf } from './routes.js';

/** Answers Buildkite's agent API and Stacks API, both under `/v3/`. */
export class BuildkiteService implements Service {
  readonly names = ['buildkite'];
  readonly foreign = { pathPrefix: '/v3/', accountId: 'buildkite', region: '-' };

  constructor(private readonly buildkite: Buildkite) {}

  actionOf(request: AwsRequest): string {
    return routeOf(request.method, request.path)?.route.action ?? 'Unknown';
  }

  handle(request: AwsRequest): AwsResponse {
    const found = routeOf(request.method, request.path);
    const action = found?.route.action ?? 'Unknown';
    if (!found) return refused(action, notFound(`No ${request.method} ${request.path}`));
    const { params, route } = found;
    const subject = params['job'] ?? params['stack'];
    const now = this.buildkite.clock.now();
    try {
      const reply = route.run({ buildkite: this.buildkite, request, params, now });
      return { action, ...rendered(reply), ...about(reply.subject ?? subject) };
    } catch (error) {
      if (!(error instanceof BuildkiteRefusal)) throw error;
      this.note(params['job'], action, error, now);
      return { ...refused(action, error), ...about(subject) };
    }
  }

  /** A fault: those that AWS has are told in Buildkite's way. */
  renderError({
    code,
    message,
    status,
  }: {
    code: string;
    message: string;
    status: number;
  }): AwsResponse {
    const isThrottled = code === 'Throttling';
    const refusal = new BuildkiteRefusal(isThrottled ? 429 : status, message, {
      ...(isThrottled ? { headers: { 'Retry-After': '1' } } : {}),
    });
    return { ...refused('', refusal), errorCode: code };
  }

  private note(
    uuid: string | undefined,
    action: string,
    refusal: BuildkiteRefusal,
    now: number,
  ): void {
    const job = uuid === undefined ? undefined : this.buildkite.jobs.find(uuid);
    const { status, message } = refusal;
    job?.refuse({ action, status, why: message, time: new Date(now).toISOString() });
  }
}

function rendered(reply: BuildkiteReply): Omit<AwsResponse, 'action'> {
  const status = reply.status ?? 200;
  const isEmpty = status === 204;
  return {
    status,
    headers: {
      ...(isEmpty ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...reply.headers,
    },
    body: isEmpty ? '' : JSON.stringify(reply.json ?? {}),
    effective: reply.effective ?? false,
  };
}

function refused(action: string, refusal: BuildkiteRefusal): AwsResponse {
  const { status, message, more } = refusal;
  return {
    action,
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...more.headers },
    body: JSON.stringify({ message, ...more.fields }),
    errorCode: String(status),
  };
}

function about(subject: string | undefined): { subject?: string } {
  return subject === undefined ? {} : { subject };
}
