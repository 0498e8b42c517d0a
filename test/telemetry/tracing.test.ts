import { context, propagation, trace } from '@opentelemetry/api';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tracingWorkflowModules, workerTracing } from '../../src/telemetry/tracing.js';
import { packageRoot } from '../../src/temporal/package-root.js';
import { freePort, otlpCollector } from './collector.js';

const attributesSchema = z.array(z.looseObject({ key: z.string(), value: z.unknown() }));
const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: attributesSchema }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              status: z.object({ code: z.number() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

// `provider.register` sets the process's own; each test registers anew.
afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

describe('tracing', () => {
  it('is off, and adds nothing to a worker, unless a collector is configured', async () => {
    const tracing = workerTracing({}, { env: {} });
    expect(tracing).toMatchObject({ enabled: false, interceptors: {}, sinks: undefined });
    expect(tracing.workflowClientInterceptors).toEqual([]);
    await tracing.shutdown();
  });

  it('sends the span of an activity to the collector, as a child of what called it', async () => {
    const collector = await otlpCollector();
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'x-team=platform' };
    const tracing = workerTracing({ otlp: collector.url }, { serviceName: 'test-worker', env });
    try {
      const activity = new MockActivityEnvironment(
        { activityType: 'deleteStacks' },
        { interceptors: tracing.interceptors.activity },
      );
      const tracer = trace.getTracer('test');
      const { traceId, spanId } = await tracer.startActiveSpan('caller', async (span) => {
        await activity.run(() => Promise.resolve());
        span.end();
        return span.spanContext();
      });
      await tracing.shutdown();

      const request = await collector.request('/v1/traces');
      expect(request.headers['x-team']).toBe('platform');
      const [sent] = exportSchema.parse(JSON.parse(request.body.toString())).resourceSpans;
      expect(sent?.resource.attributes).toContainEqual({
        key: 'service.name',
        value: { stringValue: 'test-worker' },
      });
      const spans = sent?.scopeSpans.flatMap((scope) => scope.spans);
      expect(spans?.map(({ name }) => name).sort()).toEqual(['RunActivity:deleteStacks', 'caller']);
      const run = spans?.find(({ name }) => name === 'RunActivity:deleteStacks');
      expect(run).toMatchObject({ traceId, parentSpanId: spanId });
    } finally {
      await collector.close();
    }
  });

  it("carries a client's trace into the workflow that it starts", async () => {
    const collector = await otlpCollector();
    try {
      const tracing = workerTracing({ otlp: collector.url }, { env: {} });
      const [interceptor] = tracing.workflowClientInterceptors;
      let headers = {};
      const start = interceptor!.startWithDetails!.bind(interceptor);
      await start(
        {
          workflowType: 'cleanup',
          headers: {},
          options: { args: [], taskQueue: 'nightshift', workflowId: 'cleanup' },
        },
        (input) => {
          headers = input.headers;
          return Promise.resolve({ runId: 'r', eagerlyStarted: false });
        },
      );
      await tracing.shutdown();
      expect(Object.keys(headers)).toEqual(['_tracer-data']);
      const { body } = await collector.request('/v1/traces');
      expect(body.toString()).toContain('StartWorkflow:cleanup');
    } finally {
      await collector.close();
    }
  });

  it('says once that a collector is away, and lets the worker exit all the same', async () => {
    const warnings: unknown[] = [];
    const tracing = workerTracing(
      { otlp: `http://127.0.0.1:${await freePort()}` },
      {
        env: {},
        logger: { warn: (...args: unknown[]) => void warnings.push(args), debug: () => undefined },
      },
    );
    trace.getTracer('test').startSpan('lost').end();
    await tracing.shutdown();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('traces could not be exported');
  });

  it('has an interceptor that can be bundled with workflows', async () => {
    const folder = await mkdtemp(join(packageRoot(), 'node_modules', '.nightshift-bundle-'));
    try {
      const workflowsPath = join(folder, 'workflows.js');
      await writeFile(workflowsPath, 'export async function nothing() {}\n');
      const { code } = await bundleWorkflowCode({
        workflowsPath,
        logger: new DefaultLogger('ERROR'),
        workflowInterceptorModules: [...tracingWorkflowModules],
      });
      expect(code).toContain('OpenTelemetryInboundInterceptor');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
