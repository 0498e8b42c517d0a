// Bundles the workflows once, so that a worker starts without a compiler. Two bundles: traces cost memory.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = join(import.meta.dirname, '..');
const { tracingWorkflowModules } = await import(join(root, 'dist/src/telemetry/index.js'));
const quiet = {
  trace() {},
  debug() {},
  info() {},
  warn: console.warn,
  error: console.error,
  log() {},
};

await mkdir(join(root, 'dist/workflows'), { recursive: true });
for (const [name, interceptors] of [
  ['bundle.js', []],
  ['bundle-traced.js', tracingWorkflowModules],
]) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'dist/src/workflows/index.js'),
    workflowInterceptorModules: [...interceptors],
    logger: quiet,
  });
  await writeFile(join(root, 'dist/workflows', name), code);
}
