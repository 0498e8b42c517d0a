import { trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource, envDetectorSync, detectResourcesSync } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  type OpenTelemetrySinks,
  OpenTelemetryWorkflowClientInterceptor,
  makeWorkflowExporter,
} from '@temporalio/interceptors-opentelemetry';
import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import { type TelemetryConfig, resolveTelemetry } from './config.js';

/**
 * Modules to bundle with the workflows of a worker that traces (`workflowInterceptorModules` of
 * `bundleWorkflowCode`). They cost about 1 MB for each workflow in a worker's cache, so a worker that doesn't trace
 * runs a bundle without them.
 */
export const tracingWorkflowModules: readonly string[] = [
  createRequire(import.meta.url).resolve(
    '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors',
  ),
];

export interface Tracing {
  /** Whether spans are exported, so which bundle of the workflows to run. */
  enabled: boolean;
  /** For `Worker.create`. */
  interceptors: WorkerInterceptors;
  /** For `Worker.create`: the way out of the workflow isolate. */
  sinks: InjectedSinks<OpenTelemetrySinks> | undefined;
  /** For `new Client({ interceptors: { workflow } })`. */
  workflowClientInterceptors: WorkflowClientInterceptor[];
  /** Sends what is still held back and stops. Never fails: a collector that is away must not fail a worker's exit. */
  shutdown(): Promise<void>;
}

export interface TracingOptions {
  /** `service.name` of the spans, unless `OTEL_SERVICE_NAME` says otherwise. */
  serviceName?: string;
  env?: NodeJS.ProcessEnv | undefined;
  /** Told when a collector refuses spans or can't be reached. */
  logger?: Pick<Logger, 'warn' | 'debug'> | undefined;
}

/**
 * Spans of runs, targets and activities, sent over OTLP/HTTP when `telemetry.otlp` or `OTEL_EXPORTER_OTLP_ENDPOINT`
 * is given; otherwise all that it returns is empty. Sampling and resource attributes are OpenTelemetry's own
 * (`OTEL_TRACES_SAMPLER`, `OTEL_RESOURCE_ATTRIBUTES`).
 */
export function workerTracing(config: TelemetryConfig = {}, options: TracingOptions = {}): Tracing {
  const { traces } = resolveTelemetry(config, options.env);
  if (traces === undefined) return noTracing;

  const resource = new Resource({
    'service.name': options.serviceName ?? 'nightshift-worker',
    ...detectResourcesSync({ detectors: [envDetectorSync] }).attributes,
  });
  const report = exportErrorReporter(options.logger);
  setGlobalErrorHandler(report);
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter(traces));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [spanProcessor] });
  // Interceptors carry the trace in Temporal's headers through the global propagator, and nest by the global context.
  provider.register({ contextManager: new AsyncLocalStorageContextManager() });

  const tracer = trace.getTracer('nightshift');
  const workflowClientInterceptors = [new OpenTelemetryWorkflowClientInterceptor({ tracer })];
  return {
    enabled: true,
    interceptors: {
      client: { workflow: workflowClientInterceptors },
      activity: [
        (context) => ({
          inbound: new OpenTelemetryActivityInboundInterceptor(context, { tracer }),
          outbound: new OpenTelemetryActivityOutboundInterceptor(context),
        }),
      ],
    },
    sinks: { exporter: makeWorkflowExporter(spanProcessor, resource) },
    workflowClientInterceptors,
    shutdown: () => provider.shutdown().catch(report),
  };
}

/** A collector that is away stays so for hours, and a batch goes out every five seconds: warn once. */
function exportErrorReporter(logger: TracingOptions['logger']): (error: unknown) => void {
  let warned = false;
  return (error) => {
    logger?.[warned ? 'debug' : 'warn']({ error }, 'traces could not be exported');
    warned = true;
  };
}

const noTracing: Tracing = {
  enabled: false,
  interceptors: {},
  sinks: undefined,
  workflowClientInterceptors: [],
  shutdown: () => Promise.resolve(),
};
