/**
 * Loaded into the processes of a demo before they begin (`node --import`): when the demo is gone, however it
 * went, they end too. Nothing tells a child that its parent was killed, save the channel between them.
 */
process.channel?.unref();
process.once('disconnect', () => void endAsWell());

async function endAsWell(): Promise<void> {
  const stateDir = process.env['NIGHTSHIFT_DEMO_SERVER'];
  try {
    if (stateDir === undefined) return;
    // The demo can't say any more that it needs its Temporal server no longer.
    const { joinEmbeddedServer } = await import('../../temporal/embedded.js');
    const server = await joinEmbeddedServer({ stateDir });
    await server?.stop();
  } finally {
    process.exit(1);
  }
}

export {};
