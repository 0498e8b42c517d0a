import { createHash } from 'node:crypto';
import type { Timeline } from '../../core/timeline.js';
import type { GeneratedEvents } from '../../logs/segment.js';
import type { ImageMaker } from '../../packer/image-maker.js';
import { manifestLine, manifestText } from '../../packer/manifest.js';
import * as output from '../../packer/output.js';
import type { Build } from '../build.js';
import type { BuildLog } from '../build-log.js';
import type { Failure } from '../failures.js';
import type { ProjectImage } from './schema.js';
import { architectureOf, imageName, missingOf, tagsOf, type Values } from './variables.js';

export interface ImageBuildOptions {
  build: Build;
  spec: ProjectImage;
  /** Of the build's variables. */
  values: Values;
  log: BuildLog;
  timeline: Timeline;
  makeImage: ImageMaker;
}

/** The BUILD phase of a build that runs Packer. Times are sandbox ms. */
export class ImageBuild {
  private startedAt = 0;
  private images: Record<string, string> = {};
  private isHalted = false;
  /** Variables that the template asks for and the build lacks: Packer refuses to begin. */
  readonly missing: readonly string[];
  /** Once the image is made and Packer has ended well. */
  manifest: string | undefined;

  constructor(private readonly options: ImageBuildOptions) {
    this.missing = missingOf(options.values);
  }

  /**
   * @param dueAt when Packer ends, if nothing goes wrong
   * @returns what it writes until the image is created; undefined when it doesn't get as far as that
   */
  begin(
    time: number,
    dueAt: number,
    failure?: Failure,
  ): Omit<GeneratedEvents, 'visibleAt'> | undefined {
    this.startedAt = time;
    if (this.missing.length > 0) return undefined;
    this.write(time, output.opening(this.machine));
    const createdAt = Math.max(time, dueAt - this.options.spec.pendingSeconds * 1000);
    if (!failure || failure.afterImage)
      this.options.timeline.at(createdAt, (now) => this.create(now, (dueAt - now) / 1000));
    const lines = output.provisioning(this.machine);
    return {
      count: lines.length,
      line: (index) => `${lines[index] ?? ''}\n`,
      timestampOf: (index) => time + ((createdAt - time) * index) / lines.length,
    };
  }

  succeed(time: number): void {
    const { build, spec } = this.options;
    this.write(time, output.finished(this.images, (time - this.startedAt) / 1000));
    this.manifest = manifestText(build.uuid, [
      { name: 'image', builtAt: time, images: this.images },
    ]);
    if (spec.output === 'log' || spec.output === 'both')
      this.write(time, [manifestLine(this.manifest)]);
  }

  fail(time: number, reason = 'Script exited with non-zero exit status: 2'): void {
    const lines =
      this.missing.length > 0
        ? output.unset(this.missing)
        : output.errored(reason, (time - this.startedAt) / 1000);
    this.write(time, lines);
  }

  /** Packer is killed: what it has made by then stays. */
  halt(): void {
    this.isHalted = true;
  }

  private create(time: number, availableAfter: number): void {
    if (this.isHalted) return;
    const { build, spec, values, makeImage } = this.options;
    const { accountId, region } = build.project;
    const tags = { ...(spec.tagged ? tagsOf(values) : {}), ...spec.tags };
    const order = {
      account: accountId,
      name: this.machine.name,
      tags,
      snapshotTags: tags,
      architecture: architectureOf(values),
      createdAt: time,
      ...(availableAfter > 0 ? { availableAfter } : {}),
    };
    const imageId = makeImage({ ...order, region });
    this.images = { [region]: imageId };
    for (const other of spec.regions)
      this.images[other] = makeImage({ ...order, region: other, source: { imageId, region } });
    this.write(time, output.created(this.machine, imageId));
  }

  private get machine(): output.Machine {
    const { values, build } = this.options;
    const value = (name: string) => values[`NIGHTSHIFT_${name}`] ?? '';
    const { uuid } = build;
    const digest = createHash('sha256').update(uuid).digest('hex');
    return {
      name: imageName(values, uuid),
      baseImage: value('BASE_IMAGE'),
      instanceId: `i-0${digest.slice(0, 16)}`,
      os: value('BASE_OS'),
      package: `${value('PRODUCT')}-${value('VERSION')}`,
    };
  }

  private write(time: number, lines: readonly string[]): void {
    this.options.log.write(
      time,
      lines.map((line) => `${line}\n`),
    );
  }
}
