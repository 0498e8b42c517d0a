import { Runtime } from '@temporalio/worker';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NightshiftError } from '../../src/domain/errors.js';
import { installTelemetry } from '../../src/telemetry/install.js';
import { freePort, otlpCollector } from './collector.js';

// Temporal's runtime is the process's: each test installs its own and takes it down again.
afterEach(async () => {
  await Runtime._instance?.shutdown();
});

const quiet = { format: 'json', to: { write: () => undefined } } as const;

describe("a worker's metrics", () => {
  it('are served to Prometheus with AWS calls by outcome', async () => {
    const { metrics, metricsUrl } = installTelemetry({
      telemetry: { prometheus: `127.0.0.1:${await freePort()}` },
      log: quiet,
      env: {},
    });
    metrics.awsCall({ service: 'cloudformation', action: 'DeleteStack', outcome: 'ok' });
    metrics.awsCall({ service: 'cloudformation', action: 'DeleteStack', outcome: 'throttled' });
    metrics.awsCall({ service: 'cloudformation', action: 'DeleteStack', outcome: 'throttled' });
    metrics.awsCall({ service: 's3', action: 'DeleteBucket', outcome: 'ok' });

    const answer = await fetch(metricsUrl!);
    const samples = (await answer.text()).split('\n');
    expect(samples).toEqual(
      expect.arrayContaining([
        'nightshift_aws_calls_total{action="DeleteStack",outcome="ok",service="cloudformation"} 1',
        'nightshift_aws_calls_total{action="DeleteStack",outcome="throttled",service="cloudformation"} 2',
        'nightshift_aws_calls_total{action="DeleteBucket",outcome="ok",service="s3"} 1',
      ]),
    );
  });

  it('are refused an address that another process holds, saying which and what to do', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      const install = () =>
        installTelemetry({
          telemetry: { prometheus: `127.0.0.1:${port!}` },
          log: quiet,
          env: {},
        });
      expect(install).toThrow(NightshiftError);
      expect(install).toThrow(new RegExp(`telemetry.prometheus.*127.0.0.1:${port!}.*in use`));
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it('are sent to the collector when there is no Prometheus', async () => {
    const collector = await otlpCollector();
    try {
      const { metrics, metricsUrl } = installTelemetry({
        telemetry: { otlp: collector.url },
        log: quiet,
        env: {
          OTEL_EXPORTER_OTLP_HEADERS: 'x-team=platform',
          OTEL_METRIC_EXPORT_INTERVAL: '50',
        },
      });
      expect(metricsUrl).toBeUndefined();
      metrics.awsCall({ service: 's3', action: 'DeleteBucket', outcome: 'throttled' });
      const request = await collector.request('/v1/metrics');
      expect(request.headers['x-team']).toBe('platform');
      expect(request.body.toString('latin1')).toContain('nightshift_aws_calls_total');
    } finally {
      await collector.close();
    }
  });

  it('cost nothing and need no exporter when none is configured', () => {
    const { metrics, metricsUrl } = installTelemetry({ log: quiet, env: {} });
    metrics.awsCall({ service: 's3', action: 'DeleteBucket', outcome: 'ok' });
    expect(metricsUrl).toBeUndefined();
  });
});

describe("the runtime's log", () => {
  it("is the worker's own", async () => {
    const lines: string[] = [];
    installTelemetry({
      log: { format: 'json', to: { write: (line) => void lines.push(line) } },
      env: {},
    });
    Runtime.instance().logger.warn('from the runtime', { taskQueue: 'nightshift' });
    // The runtime holds its messages back for a moment, to bring them into order.
    await Runtime.instance().shutdown();
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'from the runtime', taskQueue: 'nightshift' }),
    );
  });
});
