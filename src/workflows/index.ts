/** The workflow types, as they are started: `temporal workflow start --type cleanup`. */
export { cleanup } from './cleanup/cleanup.js';
export { cleanupTarget } from './cleanup/cleanup-target.js';
