import { randomUUID } from 'node:crypto';
import type { Faults, Strike } from '../faults/faults.js';
import type { Quotas } from '../faults/quotas.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from './clock.js';
import { credentialScope } from './credential-scope.js';
import { identify } from './identity.js';
import { refusals, type Refusal } from './refusals.js';
import type { AwsRequest, AwsResponse, Service } from './service.js';
import type { Timeline } from './timeline.js';

/** What the HTTP server reads off the wire. */
export interface Incoming {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

/** What it writes back; `lost` means that it breaks the connection instead. */
export interface Answer {
  response: AwsResponse;
  requestId: string;
  lost: boolean;
}

export interface DispatcherOptions {
  clock: Clock;
  timeline: Timeline;
  ledger: Ledger;
  faults: Faults;
  quotas: Quotas;
  services: readonly Service[];
  /** Whether the account exists. */
  hasAccount: (accountId: string) => boolean;
  /** Whether the account has the region enabled. */
  hasRegion: (accountId: string, region: string) => boolean;
}

/** Takes a request to its service: who asks, which faults strike, what the ledger says of it. */
export class Dispatcher {
  private readonly byName = new Map<string, Service>();

  constructor(private readonly options: DispatcherOptions) {
    for (const service of options.services)
      for (const name of service.names) this.byName.set(name, service);
  }

  async dispatch(incoming: Incoming): Promise<Answer> {
    const requestId = randomUUID();
    const scope = credentialScope(incoming.headers, incoming.query);
    const foreign = scope ? undefined : this.foreignRequest(incoming, requestId);
    if (foreign) return this.carryOut(foreign.service, foreign.request);
    const service = scope && this.byName.get(scope.service);
    if (!scope || !service) {
      const refusal = scope ? refusals.unknownService(scope.service) : refusals.unsigned;
      return { response: plain(refusal), requestId, lost: false };
    }
    const identification = identify(scope.accessKeyId, scope.sessionToken);
    const identity = identification.kind === 'known' ? identification.identity : undefined;
    const request: AwsRequest = {
      ...incoming,
      accountId: identity?.accountId ?? scope.accessKeyId,
      region: scope.region,
      service: scope.service,
      requestId,
      ...(identity ? { principalArn: identity.arn } : {}),
    };
    if (!identity || !this.options.hasAccount(identity.accountId)) {
      const refusal =
        identification.kind === 'expired'
          ? refusals.expired(scope.service)
          : refusals.unknownKey(scope.service);
      return this.refuse(service, request, refusal, refusal.code);
    }
    return this.carryOut(service, request);
  }

  /** An unsigned request for a service that isn't AWS's. */
  private foreignRequest(
    incoming: Incoming,
    requestId: string,
  ): { service: Service; request: AwsRequest } | undefined {
    for (const service of this.options.services) {
      const { foreign, names } = service;
      if (!foreign || !incoming.path.startsWith(foreign.pathPrefix)) continue;
      const { accountId, region } = foreign;
      const request = { ...incoming, accountId, region, service: names[0] ?? '', requestId };
      return { service, request };
    }
    return undefined;
  }

  private async carryOut(service: Service, request: AwsRequest): Promise<Answer> {
    const { clock, timeline, faults, quotas } = this.options;
    const { accountId, region } = request;
    const action = service.actionOf(request);
    const call = { accountId, region, service: request.service, action };
    const strike = faults.strike(call);
    if (strike.delayMs > 0) await pause(clock.realMilliseconds(strike.delayMs));
    const throttled = refusals.throttled(request.service);
    if (strike.loseBefore) return this.refuse(service, request, throttled, 'lost');
    strike.regionDisabled ||= !service.foreign && !this.options.hasRegion(accountId, region);
    const refusal = refusalOf(strike, request.service);
    if (refusal) return this.refuse(service, request, refusal, refusal.code);
    if (strike.throttled || !quotas.grants(call))
      return this.refuse(service, request, throttled, 'throttled');

    timeline.advance(clock.now());
    if (strike.staleByMs > 0) request.asOf = clock.now() - strike.staleByMs;
    const response = await service.handle(request);
    const lost = strike.loseAfter || faults.isAway;
    this.record(request, response, lost ? 'lost' : (response.errorCode ?? 'ok'));
    return { response: inRealTime(response, clock), requestId: request.requestId ?? '', lost };
  }

  private refuse(service: Service, request: AwsRequest, refusal: Refusal, outcome: string): Answer {
    const response = { ...service.renderError(refusal), action: service.actionOf(request) };
    this.record(request, response, outcome);
    return { response, requestId: request.requestId ?? '', lost: outcome === 'lost' };
  }

  private record(request: AwsRequest, response: AwsResponse, outcome: string): void {
    this.options.ledger.record({
      accountId: request.accountId,
      region: request.region,
      service: request.service,
      action: response.action,
      outcome,
      effective: response.effective ?? false,
      ...(response.subject === undefined ? {} : { subject: response.subject }),
    });
  }
}

function refusalOf(strike: Strike, service: string): Refusal | undefined {
  if (strike.regionDisabled) return refusals.regionDisabled(service);
  if (strike.denied) return refusals.denied(service);
  return undefined;
}

/** A body is sent in real time. */
function inRealTime(response: AwsResponse, clock: Clock): AwsResponse {
  const { bytesPerSecond } = response;
  if (bytesPerSecond === undefined) return response;
  return { ...response, bytesPerSecond: bytesPerSecond * clock.speed };
}

function plain(refusal: Refusal): AwsResponse {
  return {
    action: '',
    status: refusal.status,
    headers: { 'content-type': 'text/plain' },
    body: `${refusal.code}: ${refusal.message}\n`,
    errorCode: refusal.code,
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
