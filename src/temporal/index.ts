export { nodeCheck, serverDoctor, type ServerCheck } from './doctor.js';
export { connectTemporal, ensureServer, type EnsureOptions, type UsableServer } from './ensure.js';
export { startEmbeddedServer, type EmbeddedOptions, type EmbeddedServer } from './embedded.js';
export { findServer, type FindOptions, type FoundServer } from './find.js';
export { progressOn, type OnProgress, type ServerProgress } from './progress.js';
export {
  configuredTarget,
  type TargetOptions,
  type TemporalConnectionOptions,
  type TemporalTarget,
} from './target.js';
export { noTemporalServer, waysOut } from './ways-out.js';
