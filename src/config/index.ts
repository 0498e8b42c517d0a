export { configFileName } from './config-file.js';
export { loadConfig } from './load.js';
export type { LoadedConfig } from './load.js';
export { readConfig } from './read.js';
export type { ConfigOptions, ReadConfig } from './read.js';
