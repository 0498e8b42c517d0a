import type { BuildsClient } from '../../client/builds.js';

export type { BuildHandle as Build, StartedBuild } from '../../client/build-handle.js';
export type { LogPage } from '../../client/build-log.js';
export type { BuildListing } from '../../client/builds.js';

/** What the commands ask of the client. */
export type Builds = Pick<BuildsClient, 'run' | 'get' | 'list'>;
