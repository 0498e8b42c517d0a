import { baggageUtils } from '@opentelemetry/core';
import { isIP } from 'node:net';
import { InvalidInputError } from '../domain/errors.js';

/** The `telemetry` section of `nightshift.yaml`. Nothing is exported that isn't configured here or by OpenTelemetry's variables. */
export interface TelemetryConfig {
  /** `host:port` where Prometheus may scrape `/metrics`, as `127.0.0.1:9464`. */
  prometheus?: string | undefined;
  /** Base URL of an OTLP/HTTP collector, as `http://collector:4318`; `/v1/traces` and `/v1/metrics` are appended. */
  otlp?: string | undefined;
}

/** One signal's way to a collector. */
export interface OtlpEndpoint {
  url: string;
  headers: Record<string, string>;
}

/** Temporal's core has one exporter of metrics, so Prometheus, where configured, is the one. */
export type MetricsExport =
  | { kind: 'none' }
  | { kind: 'prometheus'; bindAddress: string }
  | ({ kind: 'otlp'; interval: number } & OtlpEndpoint);

export interface TelemetryExport {
  metrics: MetricsExport;
  traces: OtlpEndpoint | undefined;
}

/**
 * What to export, and where to. `OTEL_EXPORTER_OTLP_ENDPOINT` stands in for `telemetry.otlp`, and wins over it, as
 * the OpenTelemetry specification has it; `OTEL_EXPORTER_OTLP_HEADERS` (`key=value,…`) carries credentials, so that
 * none need be in the file; `OTEL_METRIC_EXPORT_INTERVAL` is in milliseconds, 15000 unless given.
 *
 * @throws InvalidInputError naming `telemetry.prometheus` or `telemetry.otlp`
 */
export function resolveTelemetry(
  config: TelemetryConfig = {},
  env: NodeJS.ProcessEnv = process.env,
): TelemetryExport {
  const fromEnv = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  const base = fromEnv
    ? otlpBase('environment', 'OTEL_EXPORTER_OTLP_ENDPOINT', fromEnv)
    : config.otlp === undefined
      ? undefined
      : otlpBase('configuration', 'telemetry.otlp', config.otlp);
  const headers = baggageUtils.parseKeyPairsIntoRecord(env['OTEL_EXPORTER_OTLP_HEADERS']);
  const endpoint = (signal: string): OtlpEndpoint | undefined =>
    base === undefined ? undefined : { url: `${base}/v1/${signal}`, headers };

  const traces = endpoint('traces');
  if (config.prometheus !== undefined) {
    const bindAddress = socketAddress(config.prometheus);
    return { metrics: { kind: 'prometheus', bindAddress }, traces };
  }
  const metrics = endpoint('metrics');
  if (metrics === undefined) return { metrics: { kind: 'none' }, traces };
  return { metrics: { kind: 'otlp', interval: exportInterval(env), ...metrics }, traces };
}

function otlpBase(source: string, path: string, value: string): string {
  if (!URL.canParse(value) || !['http:', 'https:'].includes(new URL(value).protocol)) {
    const message = `"${value}" is not a collector's URL; expected OTLP over HTTP, as http://collector:4318`;
    throw new InvalidInputError([{ source, path, message }]);
  }
  return value.replace(/\/+$/, '');
}

/** Milliseconds between two exports of metrics. */
function exportInterval(env: NodeJS.ProcessEnv): number {
  const path = 'OTEL_METRIC_EXPORT_INTERVAL';
  const value = env[path] ?? '15000';
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  const message = `"${value}" is not a number of milliseconds; expected a whole number, as 15000`;
  throw new InvalidInputError([{ source: 'environment', path, message }]);
}

/** Temporal's core binds an IP address, so the one name that everybody writes is resolved here. */
function socketAddress(value: string): string {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]+)):(?<port>\d{1,5})$/.exec(value);
  const host = match?.groups?.['host'] === 'localhost' ? '127.0.0.1' : match?.groups?.['host'];
  const v6 = match?.groups?.['v6'];
  const port = Number(match?.groups?.['port']);
  if (port >= 1 && port <= 65_535) {
    if (host !== undefined && isIP(host) === 4) return `${host}:${port}`;
    if (v6 !== undefined && isIP(v6) === 6) return `[${v6}]:${port}`;
  }
  const message = `"${value}" is not an address to listen on; expected IP:port, as 127.0.0.1:9464 or [::]:9464`;
  throw new InvalidInputError([{ source: 'configuration', path: 'telemetry.prometheus', message }]);
}
