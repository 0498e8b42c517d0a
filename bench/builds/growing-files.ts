import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type GrowthStep, Growths } from './growth.js';

/** Milliseconds. Shorter than the time between two writes of a file, whose own time of change says when it was. */
const interval = 100;

/** Watches files grow, from outside of whoever writes them. */
export class GrowingFiles {
  private readonly seen = new Growths();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    this.timer = setInterval(() => this.look(), interval);
  }

  /** Looks for the last time. */
  stop(): void {
    clearInterval(this.timer);
    this.look();
  }

  /** How each file grew, by its name. */
  growths(): Record<string, GrowthStep[]> {
    return this.seen.all();
  }

  private look(): void {
    for (const name of readdirSync(this.folder)) {
      const { mtimeMs, size } = statSync(join(this.folder, name));
      this.seen.note(name, { at: mtimeMs, bytes: size });
    }
  }
}
