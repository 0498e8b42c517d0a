// Records histories of every workflow type on the sandbox, for test/replay: `npm run histories -- cleanup`, `-- builds`
// or `-- images`. Run it when a workflow has changed in a way that `patched` can't bridge: the histories that are there say
// what must go on running.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTelemetry } from '../../dist/src/telemetry/index.js';
import { startEmbeddedServer } from '../../dist/src/temporal/index.js';
import { recordBuilds } from './builds.mjs';
import { recordCleanups } from './cleanup.mjs';
import { recordImages } from './images.mjs';
import { folder } from './recording.mjs';

const isOfImages = (file) => file.startsWith('image');
const isOfCleanup = (file) => file.startsWith('cleanup');
const capabilities = {
  cleanup: { record: recordCleanups, isOf: isOfCleanup },
  builds: { record: recordBuilds, isOf: (file) => !isOfCleanup(file) && !isOfImages(file) },
  images: { record: recordImages, isOf: isOfImages },
};

const [wanted = ''] = process.argv.slice(2);
const capability = capabilities[wanted];
if (!capability) {
  process.stderr.write(`say which: ${Object.keys(capabilities).join(' or ')}; was "${wanted}"\n`);
  process.exit(2);
}

installTelemetry({ log: { level: 'error' } });
const stateDir = await mkdtemp(join(tmpdir(), 'nightshift-histories-'));
const server = await startEmbeddedServer({ stateDir });
try {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) if (capability.isOf(file)) await rm(join(folder, file));
  await capability.record(server);
} finally {
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}
