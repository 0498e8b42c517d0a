import type { BucketStore } from '../core/buckets.js';
import { Random } from '../core/random.js';
import type { AwsRequest, AwsResponse, Service, ServiceContext } from '../core/service.js';
import { Timeline } from '../core/timeline.js';
import { deleteObjects } from './actions/delete-objects.js';
import type { Bucket } from './bucket.js';
import type { S3Call, S3Result } from './call.js';
import { md5Hex } from './checksum.js';
import { S3Error, slowDown } from './errors.js';
import { errorDocument } from './response-xml.js';
import { actions, type Route, routeOf } from './routes.js';
import type { BucketSeed } from './seed.js';
import { BucketStoreS3 } from './store.js';

export interface S3Options {
  /** Deletes per sandbox second and prefix; 3,500 unless given, Infinity for no quota. */
  deletesPerSecond?: number;
  /** Whether incomplete multipart uploads keep a bucket from being deleted; they do unless false. */
  uploadsBlockDelete?: boolean;
  /** Seed of the chances below. */
  seed?: number;
}

export interface S3Faults {
  /** Share of the keys of DeleteObjects that fail with InternalError inside a 200: 0 to 1. */
  keyErrorShare: number;
}

export class S3Service implements Service {
  readonly names = ['s3'];
  private readonly store: BucketStoreS3;
  private readonly timeline: Timeline;
  private readonly random: Random;
  private faults: S3Faults = { keyErrorShare: 0 };

  constructor(
    private readonly context: ServiceContext,
    options: S3Options = {},
  ) {
    this.timeline = context.timeline ?? new Timeline();
    this.random = new Random(options.seed ?? 1);
    this.store = new BucketStoreS3({
      now: () => context.clock.now(),
      deletesPerSecond: options.deletesPerSecond ?? 3500,
      uploadsBlockDelete: options.uploadsBlockDelete ?? true,
    });
  }

  /** The same buckets, for CloudFormation. */
  get buckets(): BucketStore {
    return this.store;
  }

  /** Puts a bucket there with its content, at no cost however much that is. */
  seed(seed: BucketSeed): Bucket {
    return this.store.seed(seed);
  }

  /** What a bucket holds now; undefined when it is gone. For tests and the fleet's summary. */
  contents(name: string): { versions: number; uploads: number } | undefined {
    this.timeline.advance(this.context.clock.now());
    return this.store.contents(name);
  }

  /** Puts an object there as another service does; false when there is no such bucket. */
  put(bucket: string, key: string, content: Buffer, time: number): boolean {
    const found = this.store.find(bucket);
    found?.put(key, { content, etag: md5Hex(content) }, time);
    return found !== undefined;
  }

  setFaults(faults: S3Faults): void {
    if (!(faults.keyErrorShare >= 0 && faults.keyErrorShare <= 1))
      throw new RangeError(`keyErrorShare must be from 0 to 1, was ${faults.keyErrorShare}`);
    this.faults = faults;
  }

  actionOf(request: AwsRequest): string {
    return routeOf(request).action;
  }

  handle(request: AwsRequest): AwsResponse {
    const route = routeOf(request);
    const now = this.context.clock.now();
    this.timeline.advance(now);
    try {
      return answer(route, this.run(route, request, now));
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      return this.refusal(route, request, error);
    }
  }

  renderError(injected: { code: string; message: string; status: number }): AwsResponse {
    // S3 has a word of its own for throttling.
    const error = injected.code === 'Throttling' ? slowDown() : injected;
    return {
      action: '',
      status: error.status,
      headers: xml,
      body: errorDocument(error),
      errorCode: error.code,
    };
  }

  private run(route: Route, request: AwsRequest, now: number): S3Result {
    const { accountId, region, query } = request;
    const { bucket, key } = route;
    const call: S3Call = { request, accountId, region, bucket, key, query, now, store: this.store };
    if (route.action === 'DeleteObjects')
      return deleteObjects(call, () => this.random.chance(this.faults.keyErrorShare));
    const action = actions.get(route.action);
    if (action) return action(call);
    throw new S3Error(
      'NotImplemented',
      `The sandbox has no ${request.method} ${request.path}?${query.toString()}`,
      501,
    );
  }

  private refusal(route: Route, request: AwsRequest, error: S3Error): AwsResponse {
    const elements = error.detail.elements ?? {};
    return {
      action: route.action,
      status: error.status,
      headers: { ...xml, ...error.detail.headers },
      // A HEAD has no body, so its error has no code either: clients see the status only.
      body: request.method === 'HEAD' ? '' : errorDocument(error, elements, request.requestId),
      errorCode: error.code,
      ...(route.bucket === '' ? {} : { subject: route.bucket }),
      effective: false,
    };
  }
}

const xml = { 'content-type': 'application/xml' };

function answer(route: Route, result: S3Result): AwsResponse {
  const headers = typeof result.body === 'string' ? { ...xml, ...result.headers } : result.headers;
  return {
    action: route.action,
    status: result.status ?? 200,
    ...(headers ? { headers } : {}),
    body: result.body ?? '',
    ...(route.bucket === '' ? {} : { subject: route.bucket }),
    effective: result.effective ?? false,
  };
}
