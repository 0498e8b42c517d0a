import { setTimeout as delay } from 'node:timers/promises';
import { CopyImageCommand, type Image, paginateDescribeSnapshots } from '@aws-sdk/client-ec2';
import { awsErrorCode, awsErrorMessage } from '../../../aws/errors.js';
import { parseDuration } from '../../../domain/duration.js';
import type { ImageSpec } from '../../../domain/images/spec.js';
import { imageTags } from '../../../domain/images/tags.js';
import type { CopyProgress } from './copy-progress.js';
import { copyRequest } from './copy-request.js';
import { imageFailed, isUnknown } from './failures.js';
import { byAge, idOf, isDead, reasonOf } from './image.js';
import { exactly, lookAt, ownImages, requireImage } from './look.js';
import { pauseAfter, unknownFor } from './patience.js';
import type { Ec2Region } from './region.js';
import { deleteSnapshot, removeImage } from './remove-image.js';

export interface CopyImageOptions {
  spec: ImageSpec;
  /** Of the region that is built in. */
  imageId: string;
  /** Where the image is. */
  home: Ec2Region;
  /** Where its copy goes. */
  there: Ec2Region;
  progress: Pick<CopyProgress, 'failed' | 'since' | 'fail'>;
}

/** So many of an account may be under way into a region. */
const noRoom =
  /^(ResourceLimitExceeded|PendingSnapshotLimitExceeded|ConcurrentSnapshotLimitExceeded)$/;
/** A copy that EC2 says nothing of by its id so often is gone. */
const looksForNothing = 3;

/**
 * Makes one copy of an image into a region, however many try, at once or one after another: each look takes stock of all
 * copies that there are, by their tags. The oldest that lives is the copy, whoever began it; younger ones go, and so do
 * those that have failed, with their snapshots.
 */
export class ImageCopier {
  private readonly startedAt = Date.now();
  private readonly removed = new Set<string>();
  /** The copy that CopyImage has answered with, until it is listed. */
  private begun: { imageId: string; at: number; nothing: number; isSeen: boolean } | undefined;
  private nameTaken = false;
  private deniedSince: number | undefined;

  constructor(private readonly options: CopyImageOptions) {}

  /**
   * The id of the copy, which is available.
   *
   * @throws NightshiftError ImageFailed, retryable: the copy has failed, or not come to an end in time, and is gone.
   */
  async run(): Promise<string> {
    const { there, progress } = this.options;
    for (let looks = 1; ; looks += 1) {
      const copies = await this.look();
      const alive = copies.filter((copy) => !isDead(copy)).sort(byAge);
      const dead = copies.filter(isDead);
      // Those of the first look were left behind by others: they are no failure of this try.
      await this.clear(dead, { isFailure: looks > 1, isLast: alive.length === 0 });
      const isOver = this.isOver();
      // One that is seen by its id only may be younger than another that no list shows yet, either.
      const copy = isOver ? alive.find(isAvailable) : this.begun ? undefined : alive[0];
      if (copy && isAvailable(copy)) {
        await this.remove(alive.filter((other) => other !== copy));
        return idOf(copy);
      }
      if (isOver && this.hasSeenAll(alive)) throw await this.giveUp(alive);
      if (!isOver && alive.length === 0 && this.begun === undefined) await this.begin();
      await delay(pauseAfter(progress.since(), there.every), undefined, { signal: there.signal });
    }
  }

  /** Whether the time is over. Not while there may be a copy that isn't seen yet: nobody would ever remove it. */
  private isOver(): boolean {
    if (this.begun?.isSeen === false) return false;
    const { progress, spec } = this.options;
    return Date.now() - progress.since() > parseDuration(spec.imageTimeout);
  }

  /** Whether no copy is begun, by one who died of it, that EC2 doesn't show yet. */
  private hasSeenAll(alive: readonly Image[]): boolean {
    return alive.length > 0 || Date.now() - this.startedAt > unknownFor;
  }

  private async clear(
    dead: readonly Image[],
    { isFailure, isLast }: { isFailure: boolean; isLast: boolean },
  ): Promise<void> {
    if (dead.length === 0) return;
    await this.remove(dead, isLast);
    this.options.progress.fail(dead.length);
    if (isFailure && isLast) throw this.failure(dead.map(reasonOf).join('; '));
  }

  /** All copies of the image that there are. */
  private async look(): Promise<Image[]> {
    const { there } = this.options;
    const copies: Image[] = [];
    for await (const image of ownImages(there, this.filters())) copies.push(image);
    const { begun } = this;
    if (begun && copies.some((copy) => idOf(copy) === begun.imageId)) this.begun = undefined;
    else if (begun) copies.push(...(await this.lookForBegun(begun)));
    return copies.filter((copy) => !this.removed.has(idOf(copy)));
  }

  /** A copy that no list shows yet: not before it has been waited for is it taken for one that was removed before. */
  private async lookForBegun(begun: NonNullable<typeof this.begun>): Promise<Image[]> {
    const sight = await lookAt(this.options.there, begun.imageId);
    if (sight.kind === 'shown') {
      begun.isSeen = true;
      return [sight.image];
    }
    if (sight.kind === 'gone') begun.nothing += 1;
    if (begun.nothing >= looksForNothing || Date.now() - begun.at > unknownFor) {
      // Its token was used before, for a copy that has failed: the next try has another.
      this.begun = undefined;
      this.options.progress.fail(1);
    }
    return [];
  }

  private async begin(): Promise<void> {
    const { spec, imageId, home, there, progress } = this.options;
    const source = await requireImage(home, imageId);
    const { region } = there;
    const attempt = progress.failed;
    const request = copyRequest({ spec, source, region, attempt, nameTaken: this.nameTaken });
    try {
      const { ImageId = '' } = await there.ec2.send(new CopyImageCommand(request), {
        abortSignal: there.signal,
      });
      this.begun = { imageId: ImageId, at: Date.now(), nothing: 0, isSeen: false };
    } catch (error) {
      this.judge(error);
    }
  }

  /** Throws what another look doesn't mend. */
  private judge(error: unknown): void {
    const code = awsErrorCode(error) ?? '';
    if (noRoom.test(code)) return;
    if (code === 'InvalidAMIName.Duplicate' && !this.nameTaken) {
      this.nameTaken = true;
      return;
    }
    if (isUnknown(error)) {
      // The image was seen, but perhaps not yet everywhere.
      this.deniedSince ??= Date.now();
      if (Date.now() - this.deniedSince < unknownFor) return;
    }
    // "The storage for the ami is not available in the source Region": it may be, a little later.
    if (code === 'InvalidRequest') throw this.failure(awsErrorMessage(error), error);
    throw error;
  }

  /** The time is over: nothing is left that would go on by itself. */
  private async giveUp(copies: readonly Image[]): Promise<Error> {
    await this.remove(copies, true);
    this.options.progress.fail(copies.length);
    const { imageTimeout } = this.options.spec;
    return this.failure(
      copies.length === 0
        ? `EC2 took none in ${imageTimeout}: as many are under way as there may be`
        : `it was not available after ${imageTimeout}`,
    );
  }

  /** @param isLast whether no copy is left, so that none of their snapshots may be */
  private async remove(copies: readonly Image[], isLast = false): Promise<void> {
    for (const copy of copies) {
      await removeImage(this.options.there, copy);
      this.removed.add(idOf(copy));
      if (this.begun?.imageId === idOf(copy)) this.begun = undefined;
    }
    if (isLast && copies.length > 0) await this.removeSnapshots();
  }

  /** An image that isn't available may not say which snapshots are its own; they have its tags. */
  private async removeSnapshots(): Promise<void> {
    const { there } = this.options;
    const pages = paginateDescribeSnapshots(
      { client: there.ec2, pageSize: 1000 },
      { OwnerIds: ['self'], Filters: this.filters() },
      { abortSignal: there.signal },
    );
    for await (const { Snapshots = [] } of pages)
      for (const { SnapshotId } of Snapshots)
        if (SnapshotId !== undefined) await deleteSnapshot(there, SnapshotId, this.removed);
  }

  private filters() {
    const { spec, imageId } = this.options;
    return [
      exactly(`tag:${imageTags.key}`, [spec.key]),
      exactly(`tag:${imageTags.source}`, [imageId]),
    ];
  }

  private failure(reason: string, cause?: unknown): Error {
    const { imageId, there } = this.options;
    return imageFailed(`image ${imageId} could not be copied to ${there.region}: ${reason}`, {
      retryable: true,
      cause,
    });
  }
}

function isAvailable({ State }: Image): boolean {
  return State === 'available';
}
