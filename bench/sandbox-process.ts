import { fleetSchema } from '../sandbox/fleet/schema.js';
import { startSandbox } from '../sandbox/index.js';
import { Growths } from './builds/growth.js';
import { type SandboxMessage, firstMessage, tell, untilStopped } from './processes.js';

/** Milliseconds between two looks at how far the logs of Buildkite's jobs are. */
const interval = 20;

process.on('disconnect', () => process.exit());
const { fleet, speed } = await firstMessage<SandboxMessage>();
const sandbox = await startSandbox({ fleet: fleetSchema.parse(fleet), speed });
const jobLogs = new Growths();
const looking = setInterval(() => {
  for (const { uuid, log } of sandbox.services.buildkite.jobs.all())
    jobLogs.note(uuid, { at: Date.now(), bytes: log.bytes });
}, interval);
await tell({ url: sandbox.url });
await untilStopped();
clearInterval(looking);
await sandbox.close();
await tell({ jobLogs: jobLogs.all() });
process.disconnect();
