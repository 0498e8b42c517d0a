import { Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { NightshiftError } from '../domain/errors.js';
import { type MetricsExport, type TelemetryConfig, resolveTelemetry } from './config.js';
import { type LogOptions, createLogger, temporalLogger } from './logger.js';
import { type NightshiftMetrics, nightshiftMetrics } from './metrics.js';

export interface InstallOptions {
  telemetry?: TelemetryConfig | undefined;
  log?: LogOptions | undefined;
  env?: NodeJS.ProcessEnv | undefined;
  /** Signals on which Temporal's runtime ends its workers by itself; unless given, its own choice: SIGINT, SIGTERM and others. */
  shutdownSignals?: NodeJS.Signals[] | undefined;
}

export interface Telemetry {
  logger: Logger;
  metrics: NightshiftMetrics;
  /** Where `/metrics` is served, if it is. */
  metricsUrl: string | undefined;
}

/**
 * Gives this process's Temporal runtime its logger and its exporter of metrics. Call it once, before the first
 * connection or worker is made: the runtime is the process's and can't be changed afterwards.
 *
 * @throws InvalidInputError if an address or URL is wrong; NightshiftError `InvalidInput` if the address can't be bound
 */
export function installTelemetry(options: InstallOptions = {}): Telemetry {
  const { metrics } = resolveTelemetry(options.telemetry, options.env);
  const logger = createLogger(options.log);
  const runtime = installRuntime(logger, metrics, options.shutdownSignals);
  return {
    logger,
    metrics: nightshiftMetrics(runtime.metricMeter),
    metricsUrl: metrics.kind === 'prometheus' ? `http://${metrics.bindAddress}/metrics` : undefined,
  };
}

function installRuntime(
  logger: Logger,
  metrics: MetricsExport,
  shutdownSignals: NodeJS.Signals[] | undefined,
): Runtime {
  const exporter = metricsExporter(metrics);
  const telemetryOptions: TelemetryOptions = {
    logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
    ...(exporter && { metrics: exporter }),
  };
  try {
    return Runtime.install({
      logger: temporalLogger(logger),
      telemetryOptions,
      ...(shutdownSignals && { shutdownSignals }),
    });
  } catch (cause) {
    if (metrics.kind !== 'prometheus' || !/prometheus/.test(String(cause))) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NightshiftError(
      'InvalidInput',
      `telemetry.prometheus: can't serve metrics on ${metrics.bindAddress}: ${why}`,
      { hint: 'Give each worker on a machine a port of its own, or leave the key out.', cause },
    );
  }
}

function metricsExporter(metrics: MetricsExport): TelemetryOptions['metrics'] {
  switch (metrics.kind) {
    case 'none':
      return undefined;
    case 'prometheus':
      return { prometheus: { bindAddress: metrics.bindAddress } };
    case 'otlp':
      return {
        otel: {
          url: metrics.url,
          http: true,
          headers: metrics.headers,
          metricsExportInterval: metrics.interval,
        },
      };
  }
}
