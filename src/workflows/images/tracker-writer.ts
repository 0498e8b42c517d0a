import { ActivityFailure } from '@temporalio/workflow';
import type { LineSpec } from '../../domain/images/spec.js';
import { messageOf } from '../failure.js';
import { activitiesWith } from './activities.js';

/** Keeps the tracker's store up with the record: one write at a time, of all that there is by then. */
export class TrackerWriter {
  trouble: string | undefined;
  private isDirty = false;
  private isWriting = false;

  /** The record has changed. */
  note(): void {
    this.isDirty = true;
  }

  get isDue(): boolean {
    return this.isDirty && !this.isWriting;
  }

  get isBusy(): boolean {
    return this.isWriting;
  }

  write(spec: LineSpec): void {
    if (!this.isDue) return;
    this.isDirty = false;
    if (!spec.tracker) return;
    this.isWriting = true;
    void this.written(spec).finally(() => (this.isWriting = false));
  }

  /** A store that can't be written fails nothing: the next image, or the next check, writes all of it. */
  private async written(spec: LineSpec): Promise<void> {
    try {
      await activitiesWith(spec.place.pace).track.writeTracker({ spec });
      this.trouble = undefined;
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      this.trouble = messageOf(error);
    }
  }
}
