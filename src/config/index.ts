export { configFileName } from './config-file.js';
export { readConfig } from './read.js';
export type { ConfigOptions, ReadConfig } from './read.js';
