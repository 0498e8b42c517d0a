import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/domain/errors.js';
import { resolveTelemetry } from '../../src/telemetry/config.js';

const issueOf = (resolve: () => unknown) => {
  try {
    resolve();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues[0]!;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('what telemetry is exported', () => {
  it('is none unless something asks for it', () => {
    expect(resolveTelemetry(undefined, {})).toEqual({
      metrics: { kind: 'none' },
      traces: undefined,
    });
  });

  it('goes to the collector, each signal at its own path below the base URL', () => {
    expect(resolveTelemetry({ otlp: 'https://otlp.example.com/otlp/' }, {})).toEqual({
      metrics: {
        kind: 'otlp',
        url: 'https://otlp.example.com/otlp/v1/metrics',
        headers: {},
        interval: 15_000,
      },
      traces: { url: 'https://otlp.example.com/otlp/v1/traces', headers: {} },
    });
  });

  it('sends metrics to Prometheus and traces to the collector when both are configured', () => {
    const config = { prometheus: '0.0.0.0:9464', otlp: 'http://collector:4318' };
    const { metrics, traces } = resolveTelemetry(config, {});
    expect(metrics).toEqual({ kind: 'prometheus', bindAddress: '0.0.0.0:9464' });
    expect(traces?.url).toBe('http://collector:4318/v1/traces');
  });

  it("takes OpenTelemetry's variables, which win over the file", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://sidecar:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x-team=platform',
    };
    const { traces } = resolveTelemetry({ otlp: 'http://collector:4318' }, env);
    expect(traces).toEqual({
      url: 'http://sidecar:4318/v1/traces',
      headers: { authorization: 'Bearer abc', 'x-team': 'platform' },
    });
  });

  it.each([
    ['localhost:9464', '127.0.0.1:9464'],
    ['[::1]:9464', '[::1]:9464'],
    ['127.0.0.1:1', '127.0.0.1:1'],
  ])('serves Prometheus on %s', (prometheus, bindAddress) => {
    expect(resolveTelemetry({ prometheus }, {}).metrics).toEqual({
      kind: 'prometheus',
      bindAddress,
    });
  });

  it.each([
    '9464',
    ':9464',
    'metrics.example.com:9464',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '[::]',
    '1.2.3:9464',
  ])('refuses %s as an address for Prometheus, naming the field and the value', (prometheus) => {
    const issue = issueOf(() => resolveTelemetry({ prometheus }, {}));
    expect(issue.path).toBe('telemetry.prometheus');
    expect(issue.message).toContain(`"${prometheus}"`);
    expect(issue.message).toContain('127.0.0.1:9464');
  });

  it.each(['collector:4318', 'grpc://collector:4317', ''])(
    'refuses %s as a collector, naming the field and the value',
    (otlp) => {
      const issue = issueOf(() => resolveTelemetry({ otlp }, {}));
      expect(issue).toMatchObject({ source: 'configuration', path: 'telemetry.otlp' });
      expect(issue.message).toContain(`"${otlp}"`);
    },
  );

  it('refuses an export interval that is not a number, naming the variable', () => {
    const env = { OTEL_METRIC_EXPORT_INTERVAL: '15s' };
    const issue = issueOf(() => resolveTelemetry({ otlp: 'http://collector:4318' }, env));
    expect(issue.path).toBe('OTEL_METRIC_EXPORT_INTERVAL');
    expect(issue.message).toContain('"15s"');
  });

  it('names the variable when that is what is wrong', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' };
    const issue = issueOf(() => resolveTelemetry({}, env));
    expect(issue).toMatchObject({ source: 'environment', path: 'OTEL_EXPORTER_OTLP_ENDPOINT' });
  });
});
