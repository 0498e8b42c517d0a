import type { GeneratedEvents } from '../logs/segment.js';
import type { LogPlace, LogStore } from '../logs/store.js';
import type { PhaseContext, PhaseType } from './phases.js';

/** The log of one build, in the words of CodeBuild's own agent. Times are sandbox ms. */
export class BuildLog {
  /**
   * @param place undefined where logs are switched off: nothing is written then
   * @param lateMs from when a line is written until it can be read
   */
  constructor(
    private readonly store: LogStore,
    private readonly place: LogPlace | undefined,
    private readonly lateMs: number,
  ) {}

  /** Lines of CodeBuild's agent. */
  container(time: number, ...texts: string[]): void {
    this.write(
      time,
      texts.map((text) => `[Container] ${stamp(time)} ${text}\n`),
    );
  }

  phaseEnds(time: number, type: PhaseType, isSucceeded: boolean, context?: PhaseContext): void {
    const { statusCode, message } = context ?? { statusCode: '', message: '' };
    this.container(
      time,
      `Phase complete: ${type} State: ${isSucceeded ? 'SUCCEEDED' : 'FAILED'}`,
      `Phase context status code: ${statusCode} Message: ${message}`,
    );
  }

  /** What a command has written, an event each. */
  write(time: number, messages: readonly string[]): void {
    if (!this.place) return;
    const visibleAt = time + this.lateMs;
    this.store.append(
      this.place,
      messages.map((message) => ({ timestamp: time, message, visibleAt })),
    );
  }

  /** What a command will write in the time to come. */
  generate(events: Omit<GeneratedEvents, 'visibleAt'>): void {
    if (!this.place || events.count === 0) return;
    this.store.generate(this.place, {
      count: events.count,
      line: (index) => events.line(index),
      timestampOf: (index) => events.timestampOf(index),
      visibleAt: (index) => events.timestampOf(index) + this.lateMs,
    });
  }

  /** Drops what was to be written from now on. */
  cut(time: number): void {
    if (this.place) this.store.cut(this.place, time);
  }
}

/** `2026/11/21 06:00:00.123456` */
function stamp(time: number): string {
  const [date = '', rest = ''] = new Date(time).toISOString().split('T');
  const micros = Math.floor((time % 1) * 1000);
  const clock = rest.slice(0, -1);
  return `${date.replaceAll('-', '/')} ${clock}${String(micros).padStart(3, '0')}`;
}
