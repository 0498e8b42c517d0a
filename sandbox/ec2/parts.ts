import type { Directory } from '../fleet/directory.js';
import type { ClientTokens } from './client-tokens.js';
import type { Sight } from './images/access.js';
import type { CopyFailures } from './images/copy-failures.js';
import type { Ec2Settings } from './settings.js';
import type { Snapshots } from './snapshots/snapshots.js';
import type { Tags } from './tags/store.js';

/** What EC2's actions work on. */
export interface Ec2Parts extends Sight {
  directory: Directory;
  settings: Ec2Settings;
  snapshots: Snapshots;
  tags: Tags;
  tokens: ClientTokens;
  copyFailures: CopyFailures;
}
