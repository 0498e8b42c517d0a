import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import { type DestinationStream, type Logger, destination, pino, stdSerializers } from 'pino';
import { prettyFactory } from 'pino-pretty';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevelName = (typeof logLevels)[number];

export interface LogOptions {
  /** The least level that is written; `info` unless given. */
  level?: LogLevelName | undefined;
  /** One JSON object a line for collectors, or lines for people. Unless given, `pretty` on a terminal, else `json`. */
  format?: 'json' | 'pretty' | undefined;
  /** Where to write; stderr unless given, since stdout belongs to the command's result. */
  to?: DestinationStream | undefined;
}

/** The process's logger. Writes are synchronous: the last line before a crash is the one that is needed. */
export function createLogger(options: LogOptions = {}): Logger {
  const to = options.to ?? destination({ dest: 2, sync: true });
  const format = options.format ?? (process.stderr.isTTY ? 'pretty' : 'json');
  return pino(
    {
      name: 'nightshift',
      level: options.level ?? 'info',
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    format === 'json' ? to : prettyLines(to),
  );
}

/** Not pino-pretty's stream: that one buffers, and a crash would take the last lines with it. */
function prettyLines(to: DestinationStream): DestinationStream {
  const format = prettyFactory({
    colorize: process.stderr.isTTY && !process.env['NO_COLOR'],
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,name',
  });
  return { write: (line) => to.write(format(line)) };
}

const levelNames: Record<LogLevel, LogLevelName> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** A watch that its workflow has dropped (TRY_CANCEL) ends when nobody waits for it any more: a day's work here. */
function isExpected(message: string): boolean {
  return message.startsWith('Activity not found on completion');
}

/** Temporal's own messages, and those of workflows and activities (`log.info(…)`), written by our logger. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: LogLevel, message: string, meta?: LogMetadata) => {
    logger[isExpected(message) ? 'debug' : levelNames[level]](meta ?? {}, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
