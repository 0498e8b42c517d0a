import { NightshiftError } from '../domain/errors.js';

/** What a person without a server can do: the three ways of DESIGN's "A server to run on". */
export const waysOut = [
  'set TEMPORAL_ADDRESS (or temporal.address in nightshift.yaml) to a Temporal server that runs, for instance one that `docker compose up` starts here',
  'put the Temporal CLI (`temporal`) on the PATH, and add --local, or run `nightshift dev`, to have a server started from it',
  'install Go 1.25 or newer, with which Nightshift builds that CLI itself, once, in about five minutes',
];

/** No server could be found or started. Names what was tried, then the ways out. */
export function noTemporalServer(problem: string, cause?: unknown): NightshiftError {
  const ways = waysOut.map((way, index) => `${index + 1}. ${way}`).join('\n  ');
  return new NightshiftError('NoTemporalServer', problem, {
    hint: `Any one of these helps:\n  ${ways}`,
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}
