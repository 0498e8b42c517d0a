export { MirrorError, type MirrorErrorCode } from './error.js';
export { type MirrorLimits, defaultLimits } from './limits.js';
export { readMirror } from './read-mirror.js';
export type {
  DebSource,
  HtmlSource,
  MirrorReading,
  MirrorSource,
  ReadOptions,
  RpmSource,
  Wanted,
} from './source.js';
export type { MirrorState } from '../domain/images/mirror-state.js';
