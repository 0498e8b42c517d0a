import { installTelemetry } from '../src/telemetry/index.js';
import { createWorker } from '../src/worker.js';
import { type WorkerMessage, firstMessage, tell, untilStopped } from './processes.js';

// Whoever started it is gone: so is its work.
process.on('disconnect', () => process.exit());
const { address, taskQueue } = await firstMessage<WorkerMessage>();
installTelemetry({ log: { level: 'error' } });
const worker = await createWorker({
  server: { connectionOptions: { address }, namespace: 'default' },
  taskQueue,
});
const running = worker.run();
await tell({ ready: true });
if (process.env['BENCH_MEMORY'])
  setInterval(
    () =>
      process.stderr.write(
        `${JSON.stringify(Object.fromEntries(Object.entries(process.memoryUsage()).map(([k, v]) => [k, Math.round(v / 2 ** 20)])))}\n`,
      ),
    Number(process.env['BENCH_MEMORY']),
  ).unref();
await untilStopped();
worker.stop();
await running;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
// Kilobytes on Linux and macOS alike, as Node gives them.
await tell({ peakRss: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 });
process.disconnect();
