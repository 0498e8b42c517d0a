import type { Clock } from './clock.js';
import type { Timeline } from './timeline.js';

/** A request as the AWS SDK sent it, with what its signature says about who asks for what. */
export interface AwsRequest {
  /** 12-digit account that the access key belongs to. */
  accountId: string;
  region: string;
  /** Signing name of the service: cloudformation, s3, rds, sts, ssm, ec2, organizations. */
  service: string;
  method: string;
  /** Decoded path without the query, `/` at least. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
  /** Answered in `x-amzn-requestid` and, by XML services, in the body. */
  requestId?: string;
  /** Sandbox time that a read should show instead of now, when a stale read is injected. */
  asOf?: number;
  /** ARN of who asks, when it isn't the account's own key: an assumed role. */
  principalArn?: string;
}

export interface AwsResponse {
  /** The API action, as the ledger records it: `DeleteStack`, `ListObjectVersions`. */
  action: string;
  status: number;
  headers?: Record<string, string>;
  body: string | Buffer;
  /** The body comes no faster: bytes in a second of sandbox time. */
  bytesPerSecond?: number;
  /** The connection breaks once so many bytes of the body are sent. */
  breaksAfter?: number;
  /** What the call was about (a StackId, a bucket), for the ledger. */
  subject?: string;
  /** Whether the call changed something: a delete that was accepted, say, and not a repeat of one. */
  effective?: boolean;
  /** The AWS error code when it was refused. */
  errorCode?: string;
}

/** Where the requests of a service go that isn't AWS's, and what the ledger and the faults call its place. */
export interface ForeignPlace {
  /** `/v3/` */
  pathPrefix: string;
  accountId: string;
  region: string;
}

/** One AWS service of the sandbox: it owns its state, for all accounts and regions. */
export interface Service {
  /** Signing names it answers to. */
  readonly names: readonly string[];
  /** A service that isn't AWS's: nothing is signed, and its requests are known by their path. */
  readonly foreign?: ForeignPlace;
  /** Names the action of a request, before it is carried out: faults are injected by action. */
  actionOf(request: AwsRequest): string;
  handle(request: AwsRequest): Promise<AwsResponse> | AwsResponse;
  /** Renders an injected error (Throttling, AccessDenied, …) in the service's own protocol. */
  renderError(error: { code: string; message: string; status: number }): AwsResponse;
}

export interface ServiceContext {
  clock: Clock;
  /** What is still to happen, in sandbox time; absent where a service is used by itself. */
  timeline?: Timeline;
}
