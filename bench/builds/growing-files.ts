import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type GrowthStep, Growths } from './growth.js';

/** Milliseconds. Shorter than the time between two writes of a file, whose own time of change says when it was. */
const interval = 100;

/** Watches files grow, from outside of whoever writes them. */
export class GrowingFiles {
  private readonly growths = new Growths();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    this.timer = setInterval(() => this.look(), interval);
  }

  /** Stops looking: how each file grew, by its name. */
  stop(): Record<string, GrowthStep[]> {
    clearInterval(this.timer);
    this.look();
    return this.growths.all();
  }

  private look(): void {
    for (const name of readdirSync(this.folder)) {
      const { mtimeMs, size } = statSync(join(this.folder, name));
      this.growths.note(name, { at: mtimeMs, bytes: size });
    }
  }
}
