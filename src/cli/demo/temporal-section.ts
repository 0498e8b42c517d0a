import type { ConfigInput } from '../../domain/config/index.js';
import type { UsableServer } from '../../temporal/index.js';

/** How a demo's config names its server. One that the environment names is found by a worker as by the demo. */
export function temporalSection(
  { address, namespace, kind }: UsableServer,
  taskQueue: string,
): NonNullable<ConfigInput['temporal']> {
  return { taskQueue, ...(kind === 'configured' ? {} : { address, namespace }) };
}
