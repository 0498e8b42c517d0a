import type { BuildStatus } from '../../domain/builds/result.js';
import type { Groups } from './groups.js';
import { LineJoiner, type LogEvent, type LogPart, containerMark } from './lines.js';
import { phaseLine } from './phase-lines.js';

/** Something to write: to the log's stream as it is, or a line for the person who watches. */
export interface Written {
  to: 'log' | 'person';
  text: string;
}

export interface PrinterOptions {
  groups: Groups;
  /** Tells phases to the person, in lines of their own: where no CI makes groups of them. */
  tellPhases: boolean;
  /** Puts the time of its first event before every line. */
  timestamps: boolean;
  /** The build writes no log: its phases are known from its status alone. */
  logDisabled?: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
}

interface Page {
  buildId: string;
  events: readonly LogEvent[];
  status: BuildStatus;
  phase?: string | undefined;
}

/** Phases that come before there is a container which could write a log. */
const beforeContainer = new Set(['QUEUED', 'PROVISIONING']);
/** Phases that are too short to tell of. */
const passing = new Set(['SUBMITTED', 'COMPLETED']);

/**
 * Renders a build's log, page after page. What goes to the log's stream is the log, byte for byte, and the
 * marks of its groups, if there are any: each in lines of their own.
 */
export class LogPrinter {
  private joiner = new LineJoiner();
  private buildId: string | undefined;
  private phase: string | undefined;
  private hasBegun = false;
  /** A line of the log is begun and not ended. */
  private midLine = false;
  private written: Written[] = [];
  private log = '';

  constructor(private readonly options: PrinterOptions) {}

  page({ buildId, events, phase }: Page): Written[] {
    if (this.buildId !== undefined && buildId !== this.buildId) this.nextBuild(buildId);
    this.buildId = buildId;
    if (!this.hasBegun && phase !== undefined && this.isShown(phase)) this.enter(phase, this.now);
    for (const event of events) this.event(event);
    return this.take();
  }

  /** Before anything of the log. */
  begin(): Written[] {
    this.mark(this.options.groups.begin);
    return this.take();
  }

  /** The end: what was held back, the end of the last group, and what is to be said at the end. */
  finish({ lines, reason }: { lines: readonly string[]; reason?: string | undefined }): Written[] {
    const { groups } = this.options;
    this.endOfLog();
    if (groups.inLog && lines.length > 0) {
      this.mark(groups.summary + lines.map((line) => `${line}\n`).join(''));
      if (reason !== undefined) this.mark(groups.reason(reason));
    }
    this.mark(groups.end);
    if (!groups.inLog) for (const line of lines) this.tell(line);
    return this.take();
  }

  private endOfLog(): void {
    for (const part of this.joiner.flush()) this.part(part);
    this.enter(undefined, this.now);
  }

  /** Another build is made in place of this one: after a fault, say. */
  private nextBuild(buildId: string): void {
    this.endOfLog();
    this.joiner = new LineJoiner();
    this.hasBegun = false;
    this.midLine = false;
    this.tell(`another build takes its place: ${buildId}`);
  }

  private isShown(phase: string): boolean {
    return this.options.logDisabled ? !passing.has(phase) : beforeContainer.has(phase);
  }

  private event(event: LogEvent): void {
    if (this.passesWhole(event.message)) {
      this.log += event.message;
      return;
    }
    for (const part of this.joiner.push(event)) this.part(part);
  }

  /** Most of a log: whole lines that nothing is to be done about. Spares a large log most of the work. */
  private passesWhole(message: string): boolean {
    return (
      this.hasBegun &&
      !this.midLine &&
      !this.options.timestamps &&
      message.endsWith('\n') &&
      this.joiner.isEmpty &&
      !message.includes(containerMark)
    );
  }

  private part(part: LogPart): void {
    const line = part.opens ? phaseLine(part.text) : undefined;
    if (line?.kind === 'entered') this.enter(line.phase, part.timestamp);
    // Nothing writes to the log before the container that fetches the source does; no line tells of that phase.
    else if (!this.hasBegun) this.enter('DOWNLOAD_SOURCE', part.timestamp);
    this.hasBegun = true;
    if (part.opens && this.options.timestamps)
      this.log += `${new Date(part.timestamp).toISOString()} `;
    this.log += part.text;
    this.midLine = !part.closes;
    if (line?.kind === 'complete' && line.state !== 'SUCCEEDED')
      this.mark(this.options.groups.failed);
  }

  private enter(phase: string | undefined, at: number): void {
    if (phase === this.phase) return;
    this.mark(this.options.groups.move(this.phase, phase, at));
    this.phase = phase;
    if (phase !== undefined && this.options.tellPhases) this.tell(`── ${phase}`);
  }

  /** Marks are commands to a CI, and count only at the beginning of a line. */
  private mark(text: string): void {
    if (text === '') return;
    if (this.midLine) this.log += '\n';
    this.midLine = false;
    this.log += text;
  }

  private tell(text: string): void {
    this.flushLog();
    this.written.push({ to: 'person', text });
  }

  private flushLog(): void {
    if (this.log !== '') this.written.push({ to: 'log', text: this.log });
    this.log = '';
  }

  private take(): Written[] {
    this.flushLog();
    const { written } = this;
    this.written = [];
    return written;
  }

  private get now(): number {
    return this.options.now();
  }
}
