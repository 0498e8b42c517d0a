export { compareDpkg } from './dpkg.js';
export { type Evr, compareEvr, formatEvr, parseEvr } from './evr.js';
export { type Selection, newestPerMajor, newestPerMinor } from './newest.js';
export { type VersionRange, faultOfRange, parseRange, rangeAllowed } from './range.js';
export { type Ordering, compareRpm } from './rpm.js';
