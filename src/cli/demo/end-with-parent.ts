/**
 * Loaded into the processes of a demo before they begin (`node --import`): when the demo is gone, however it
 * went, they end too. Nothing tells a child that its parent was killed, save the channel between them.
 */
process.channel?.unref();
process.once('disconnect', () => void endAsWell());

/** How long a process may take to put its things in order, in milliseconds. */
const patience = 60_000;

async function endAsWell(): Promise<void> {
  try {
    await leaveServer();
  } finally {
    // A sandbox has builds to end that really run; a worker has nobody to hand over to any more.
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), patience).unref();
  }
}

/** The demo can't say any more that it needs its Temporal server no longer. */
async function leaveServer(): Promise<void> {
  const stateDir = process.env['NIGHTSHIFT_DEMO_SERVER'];
  if (stateDir === undefined) return;
  const { joinEmbeddedServer } = await import('../../temporal/embedded.js');
  const server = await joinEmbeddedServer({ stateDir });
  await server?.stop();
}

export {};
