// Has Temporal's SDK download the CLI of its version into the folder given, by way of the only public call
// that does: starting a development server, which is stopped at once.
// Usage: node download.mjs FOLDER
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [downloadDir] = process.argv.slice(2);
try {
  const server = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'cached-download', downloadDir },
      log: { format: 'json', level: 'error' },
    },
  });
  await server.teardown();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
