import { fleetSchema } from '../sandbox/fleet/schema.js';
import { startSandbox } from '../sandbox/index.js';
import { type SandboxMessage, firstMessage, tell, untilStopped } from './processes.js';

process.on('disconnect', () => process.exit());
const { fleet, speed } = await firstMessage<SandboxMessage>();
const sandbox = await startSandbox({ fleet: fleetSchema.parse(fleet), speed });
tell({ url: sandbox.url });
await untilStopped();
await sandbox.close();
tell({});
process.disconnect();
