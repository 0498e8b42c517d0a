import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LogOptions, createLogger, temporalLogger } from '../../src/telemetry/logger.js';

const lineSchema = z.looseObject({ level: z.string(), time: z.iso.datetime(), msg: z.string() });

function written(options: LogOptions, write: (logger: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  write(createLogger({ ...options, to: { write: (line) => void lines.push(line) } }));
  return lines;
}

const writtenJson = (...args: Parameters<typeof written>) =>
  written(...args).map((line) => lineSchema.parse(JSON.parse(line)));

describe('the log', () => {
  it('is a JSON object a line, with the level by name and the time in ISO 8601', () => {
    const lines = writtenJson({ format: 'json' }, (logger) =>
      logger.info({ target: 'dev-1/us-east-1' }, 'pass 2'),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      name: 'nightshift',
      target: 'dev-1/us-east-1',
      msg: 'pass 2',
    });
  });

  it('leaves out what is below the configured level', () => {
    const lines = writtenJson({ format: 'json', level: 'warn' }, (logger) => {
      logger.info('quiet');
      logger.warn('loud');
    });
    expect(lines.map(({ msg }) => msg)).toEqual(['loud']);
  });

  it('is a line for people when asked to be pretty', () => {
    const [line] = written({ format: 'pretty' }, (logger) =>
      logger.warn({ target: 'dev-1/us-east-1' }, 'throttled'),
    );
    expect(line).toMatch(/WARN.*throttled.*dev-1\/us-east-1/);
    expect(line?.trimEnd()).not.toContain('\n');
  });
});

describe("Temporal's messages in the log", () => {
  it.each(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const)('keep their level: %s', (level) => {
    const [line] = writtenJson({ format: 'json', level: 'trace' }, (logger) => {
      temporalLogger(logger).log(level, 'hello', { workflowId: 'cleanup/1' });
    });
    expect(line).toMatchObject({
      level: level.toLowerCase(),
      msg: 'hello',
      workflowId: 'cleanup/1',
    });
  });

  it('keep an error with its stack and cause, and survive numbers that JSON lacks', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    const [line] = writtenJson({ format: 'json' }, (logger) => {
      temporalLogger(logger).error('activity failed', { error, attempt: 3n });
    });
    expect(line).toMatchObject({ attempt: 3, error: { message: 'outer: inner', type: 'Error' } });
    expect(JSON.stringify(line?.['error'])).toContain('logger.test.ts');
  });

  it('can be written without any attributes', () => {
    const [line] = writtenJson({ format: 'json' }, (logger) => {
      temporalLogger(logger).warn('no attributes');
    });
    expect(line).toMatchObject({ level: 'warn', msg: 'no attributes' });
  });
});
