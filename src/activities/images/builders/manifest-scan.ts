import { manifestInLine } from '../../../domain/images/manifest.js';

/** Longer than any manifest: what is longer is passed over. In UTF-16 units. */
const longestLine = 4_000_000;

/** Looks for the last manifest in a log that comes bit by bit, cut anywhere. */
export class ManifestScan {
  private line = '';
  private isTooLong = false;
  private last: string | undefined;

  add(text: string): void {
    // A carriage return ends what GitLab's runner puts before a line.
    const lines = text.split(/\r?\n|\r/);
    const rest = lines.pop() ?? '';
    for (const end of lines) {
      this.extend(end);
      this.take();
    }
    this.extend(rest);
  }

  /** The last manifest that there is, once the log is over; undefined where there was none. */
  end(): string | undefined {
    this.take();
    return this.last;
  }

  private extend(text: string): void {
    this.isTooLong ||= this.line.length + text.length > longestLine;
    this.line = this.isTooLong ? '' : this.line + text;
  }

  private take(): void {
    this.last = manifestInLine(this.line) ?? this.last;
    this.line = '';
    this.isTooLong = false;
  }
}
