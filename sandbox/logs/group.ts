import { LogStream } from './stream.js';

export interface LogGroupOptions {
  /** For ever when not given. Shown, not acted upon. */
  retentionDays?: number | undefined;
}

/** A log group: streams by name. */
export class LogGroup {
  readonly streams = new Map<string, LogStream>();

  /**
   * @param arn without the `:*` that some answers end in
   * @param createdAt whole sandbox ms
   */
  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdAt: number,
    readonly options: LogGroupOptions,
  ) {}

  addStream(name: string, serial: number, createdAt: number): LogStream {
    const stream = new LogStream(name, serial, createdAt);
    this.streams.set(name, stream);
    return stream;
  }
}
