import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ImagesActivities } from '../../../src/activities/images/index.js';
import { type Config, configSchema } from '../../../src/domain/config/index.js';
import { lineWorkflowId } from '../../../src/domain/images/cell.js';
import type { FoundCell } from '../../../src/domain/images/seed.js';
import type { LineRecord } from '../../../src/domain/images/result.js';
import type { GitlabBuilder, ImageSpec, LineSpec } from '../../../src/domain/images/spec.js';
import type { WantedVersion } from '../../../src/domain/images/select.js';
import { imageTags } from '../../../src/domain/images/tags.js';
import { setStage } from '../stage.js';

const pace = configSchema.parse({ builds: {}, pace: { workerTimeout: '10m' } } satisfies Partial<
  Record<keyof Config, unknown>
>).pace;

/** An image in the world, whatever its region. */
interface WorldImage {
  imageId: string;
  region: string;
  tags: Record<string, string>;
  copyOf?: string;
}

/** What is outside of a line's workflow: a mirror, images, a builder, a tracker. Wrong on request. */
export class World {
  versions: string[] = [];
  spec: LineSpec;
  readonly images: WorldImage[] = [];
  /** Keys of images in the order in which their builds began. */
  readonly built: string[] = [];
  /** Builds that go on until they are let go. */
  readonly held = new Set<string>();
  /** What a build fails with, by a part of its key; gone after so many times. */
  readonly failures: { part: string; times: number; reason: string }[] = [];
  /** Regions that can't be copied to, so many times. */
  readonly copyFailures = new Map<string, number>();
  readonly tracked: LineRecord[] = [];
  trackerFails = 0;
  mirrorFails: string | undefined;
  /** What is wrong with the line's name. */
  noLine: string | undefined;
  readonly deprecated: string[] = [];
  readonly notices: unknown[] = [];
  /** Most builds that went on at a time. */
  most = 0;
  padding = 0;
  inTracker: FoundCell[] = [];
  existing: FoundCell[] = [];
  readonly removed: string[] = [];
  readonly stopped: string[] = [];
  private running = 0;
  private count = 0;

  constructor(spec: Partial<LineSpec> = {}) {
    this.spec = { ...specOf(), ...spec };
  }

  wanted(): WantedVersion[] {
    return this.versions.flatMap((evr) => this.spec.architectures.map((arch) => ({ arch, evr })));
  }

  activities(record: (workflowId: string) => Promise<LineRecord>): Partial<ImagesActivities> {
    return {
      prepareLine: () => {
        if (this.noLine !== undefined)
          throw ApplicationFailure.nonRetryable(this.noLine, 'InvalidInput');
        return Promise.resolve(this.spec);
      },
      readSource: () => {
        if (this.mirrorFails !== undefined)
          throw ApplicationFailure.nonRetryable(this.mirrorFails, 'MirrorUnavailable');
        const state = { asked: '', checksum: randomUUID() };
        // A versions list that is as large as a test of long histories wants it.
        const asked = 'x'.repeat(this.padding);
        return Promise.resolve({
          kind: 'versions',
          versions: this.wanted(),
          state: { ...state, asked },
        });
      },
      listImages: () => Promise.resolve([...this.existing, ...this.listed()] as never),
      readTracker: () => Promise.resolve(this.inTracker as never),
      resolveBaseImage: () => Promise.resolve('ami-0123456789abcdef0'),
      findImage: ({ spec }) => Promise.resolve(this.find(spec)),
      startPipeline: ({ variables }) => {
        const key = variables['NIGHTSHIFT_KEY'] ?? '';
        this.built.push(key);
        return Promise.resolve({ id: this.built.length, url: `https://ci.example/${key}` });
      },
      followPipeline: async ({ id, builder }) => this.follow(this.built[id - 1] ?? '', builder),
      stopPipeline: ({ id }) => {
        this.stopped.push(this.built[id - 1] ?? '');
        return Promise.resolve();
      },
      awaitImage: () => Promise.resolve(),
      tagImage: ({ imageId, tags }) => {
        const image = this.images.find((each) => each.imageId === imageId);
        if (image) Object.assign(image.tags, tags);
        return Promise.resolve();
      },
      copyImage: ({ spec, region, imageId }) => {
        const left = this.copyFailures.get(region) ?? 0;
        this.copyFailures.set(region, left - 1);
        if (left > 0) throw ApplicationFailure.nonRetryable(`no room in ${region}`, 'ImageFailed');
        const copy = this.add(region, spec.key);
        copy.copyOf = imageId;
        return Promise.resolve(copy.imageId);
      },
      shareImage: () => Promise.resolve(),
      deprecateImages: ({ images }) => {
        this.deprecated.push(...images.flatMap((byRegion) => Object.values(byRegion)));
        return Promise.resolve();
      },
      removeImages: ({ images }) => {
        this.removed.push(...images.flatMap((byRegion) => Object.values(byRegion)));
        return Promise.resolve();
      },
      writeTracker: async ({ spec }) => {
        this.trackerFails -= 1;
        if (this.trackerFails >= 0)
          throw ApplicationFailure.nonRetryable('the store is away', 'AwsUnavailable');
        this.tracked.push(await record(lineWorkflowId(spec)));
      },
      notifyImages: (notice) => {
        this.notices.push(notice);
        return Promise.resolve();
      },
    } satisfies Partial<ImagesActivities>;
  }

  /** Puts an image there. */
  add(region: string, key: string): WorldImage {
    this.count += 1;
    const imageId = `ami-${this.count.toString(16).padStart(17, '0')}`;
    const image = { imageId, region, tags: { [imageTags.key]: key } };
    this.images.push(image);
    return image;
  }

  private find(spec: ImageSpec) {
    const found = this.images.find(
      ({ imageId, tags, region }) =>
        region === spec.place.target.region &&
        tags[imageTags.key] === spec.key &&
        tags[imageTags.state] !== 'rejected' &&
        !spec.exclude?.includes(imageId),
    );
    if (!found) return null;
    const ready = found.tags[imageTags.state] === 'ready';
    return { imageId: found.imageId, state: 'available', ready };
  }

  private listed(): FoundCell[] {
    const home = this.spec.place.target.region;
    return this.images
      .filter(({ region }) => region === home)
      .map(({ imageId, tags }) => ({
        id: idOf(tags[imageTags.key] ?? ''),
        image: { imageId },
        ready: tags[imageTags.state] === 'ready',
        rejected: tags[imageTags.state] === 'rejected',
      }));
  }

  private async follow(key: string, _builder: GitlabBuilder) {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    const { cancellationSignal, cancelled } = Context.current();
    const timer = setInterval(() => Context.current().heartbeat(), 100);
    try {
      while (this.held.has(key)) {
        cancellationSignal.throwIfAborted();
        await Promise.race([cancelled, new Promise((resolve) => setTimeout(resolve, 20))]);
      }
    } catch (error) {
      if (cancellationSignal.aborted)
        throw new CancelledFailure('cancelled', undefined, error as Error);
      throw error;
    } finally {
      clearInterval(timer);
      this.running -= 1;
    }
    const failure = this.failures.find(({ part, times }) => key.includes(part) && times > 0);
    if (failure) {
      failure.times -= 1;
      return { failed: failure.reason, link: `https://ci.example/${key}` };
    }
    const { region } = this.spec.place.target;
    return { images: { [region]: this.add(region, key).imageId } };
  }
}

function idOf(key: string): string {
  const [, , , ...rest] = key.split('/');
  return rest.join('/');
}

function specOf(): LineSpec {
  const account = { id: '111111111111', name: 'dev-1' };
  return {
    line: `runner-${randomUUID().slice(0, 8)}`,
    channel: 'dev',
    product: 'gitlab-runner',
    source: { kind: 'rpm', url: 'https://mirror.example/el9' },
    versions: ['*'],
    newest: {},
    architectures: ['x86_64'],
    companions: [],
    baseOs: ['al2023', 'rocky9'].map((name) => ({
      name,
      variables: {},
      images: { x86_64: { id: 'ami-0123456789abcdef0' }, aarch64: { id: 'ami-0123456789abcdef1' } },
    })),
    place: {
      target: { account, region: 'ap-southeast-2' },
      access: { sessionName: 'nightshift' },
      pace,
      builds: { pollInterval: '1s', logDrain: '1s', logWait: '1s' },
    },
    builder: {
      kind: 'gitlab',
      url: 'https://ci.example',
      project: 'platform/images',
      token: { ssm: '/gitlab' },
      ref: 'main',
      variables: {},
      manifest: 'manifest.json',
      manual: 'fail',
      timeout: '1h',
    },
    concurrency: 4,
    attempts: { most: 3, delay: '50ms', factor: 2 },
    firstRunLimit: 100,
    tags: {},
    copyTo: [],
    shareWith: [],
    imageTimeout: '1h',
    notifications: {},
  };
}

/** A worker in that world, and the line. */
export async function setLine(world: World) {
  // An activity asks the line, once there is one.
  const asking: { client?: Client } = {};
  const stage = await setStage(
    world.activities(async (workflowId) => {
      if (!asking.client) throw new Error('no client yet');
      return await asking.client.workflow.getHandle(workflowId).query<LineRecord>('record');
    }),
  );
  asking.client = stage.client;
  const line = stage.nightshift.images.line(world.spec.line, { channel: world.spec.channel });
  const check = async (options: Parameters<typeof line.check>[0] = {}) =>
    await line.settled((await line.check(options)).check);
  return { ...stage, line, check };
}
