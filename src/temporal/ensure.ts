import {
  joinEmbeddedServer,
  startEmbeddedServer,
  type EmbeddedOptions,
  type EmbeddedServer,
} from './embedded.js';
import { findServer, type FindOptions, type FoundServer } from './find.js';
import { configuredNamespace, type TemporalTarget } from './target.js';
import { noTemporalServer } from './ways-out.js';

export interface EnsureOptions extends FindOptions, EmbeddedOptions {
  /** Whether a server may be started here when none is found. */
  local: boolean;
  /** `own`: start one, or join this checkout's, even where another server is found (tests, benchmarks). */
  embedded?: 'own' | undefined;
}

/** A server that answers. `stop` ends this process's use of it, which ends only a server of this checkout. */
export type UsableServer = EmbeddedServer | (FoundServer & { stop(): Promise<void> });

/**
 * Finds a server, or starts one where `local` allows it.
 *
 * @throws NightshiftError `NoTemporalServer`, naming the ways out.
 */
export async function ensureServer(options: EnsureOptions): Promise<UsableServer> {
  const embedded = { ...options, namespace: options.namespace ?? configuredNamespace(options) };
  if (options.embedded === 'own') return startEmbeddedServer(embedded);
  const found = await findServer(options);
  // Whoever runs on this checkout's server says so, or another command that ends would take it away.
  if (found?.kind === 'recorded' && options.local) {
    const joined = await joinEmbeddedServer(embedded);
    if (joined !== undefined) return joined;
  } else if (found !== undefined) {
    return { ...found, stop: () => Promise.resolve() };
  }
  if (options.local) return startEmbeddedServer(embedded);
  throw noTemporalServer(
    'No Temporal server was named, none answers on the default port, and this checkout runs none',
  );
}

/** The server to ask: one that runs already. For commands that only look or send. */
export async function connectTemporal(options: FindOptions = {}): Promise<TemporalTarget> {
  const { address, namespace, connectionOptions } = await ensureServer({
    ...options,
    local: false,
  });
  return { address, namespace, connectionOptions };
}
