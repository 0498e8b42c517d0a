import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { GitLabAccess } from '../../activities/images/builders/gitlab/access.js';
import { prepareLine } from '../../activities/images/prepare-line.js';
import { readSource } from '../../activities/images/read-source.js';
import { storeOf } from '../../activities/images/tracker/store.js';
import type { AwsConnections } from '../../aws/connections.js';
import { fromAwsError } from '../../aws/errors.js';
import type { Config, Line } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { lineKey } from '../../domain/images/cell.js';
import type { LineSpec } from '../../domain/images/spec.js';
import { readTrackerText } from '../../domain/images/tracker/tracker.js';
import { targetName } from '../../domain/target.js';
import { plural } from '../../report/format.js';
import { exitCodes } from '../exit.js';
import { type Check, failed } from './check.js';
import { type LookedAt, baseImages, builderOf, smokeTestOf } from './images-account.js';

const linesAtOnce = 4;
/** How long the look at a line may take, in milliseconds: a mirror's list may have a hundred megabytes. */
const patience = 180_000;

/** Looks at what each line of images needs: its account, mirror, builder, base images and tracker. */
export async function imagesChecks(aws: AwsConnections, config: Config): Promise<Check[]> {
  const { images: lines = [] } = config;
  const gitlab = new GitLabAccess(aws);
  const checks = await pLimit(linesAtOnce).map(lines, (line) =>
    lineChecks(aws, gitlab, config, line),
  );
  return [...(await gpgvChecks(lines)), ...checks.flat()];
}

async function lineChecks(
  aws: AwsConnections,
  gitlab: GitLabAccess,
  config: Config,
  { line, channel }: Line,
): Promise<Check[]> {
  const signal = AbortSignal.timeout(patience);
  const name = lineKey({ line, channel });
  const ownConfig = () => Promise.resolve(config);
  let spec: LineSpec;
  try {
    spec = await prepareLine({ aws, input: { line, channel }, ownConfig, signal });
  } catch (error) {
    return [failed(`Line ${name}`, fromAwsError(error, `line ${name} can’t be worked on`))];
  }
  const at = { aws, gitlab, spec, signal };
  return [
    { name: `Line ${name}`, ok: true, detail: targetName(spec.place.target) },
    await mirrorCheck(`Mirror ${name}`, at),
    await looked(`Builder ${name}`, 'the builder can’t be looked at', signal, () => builderOf(at)),
    await looked(`Base images ${name}`, 'base images can’t be looked up', signal, () =>
      baseImages(at),
    ),
    ...(spec.smokeTest
      ? [
          await looked(`Smoke test ${name}`, 'its project can’t be looked at', signal, () =>
            smokeTestOf(at),
          ),
        ]
      : []),
    ...(spec.tracker
      ? [
          await looked(`Tracker ${name}`, 'the tracker can’t be read', signal, () =>
            trackerOf(at, spec.tracker),
          ),
        ]
      : []),
  ];
}

/** What a look finds, or what has ended it. */
async function looked(
  name: string,
  doing: string,
  signal: AbortSignal,
  look: () => Promise<string>,
): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    if (!signal.aborted) return failed(name, fromAwsError(error, doing));
    const detail = `${doing}: there was no answer within ${patience / 60_000} minutes`;
    return { name, ok: false, detail, exitCode: exitCodes.failed };
  }
}

async function mirrorCheck(name: string, { aws, spec, signal }: LookedAt): Promise<Check> {
  const { product, source } = spec;
  let isEmpty = false;
  const check = await looked(name, 'the mirror can’t be read', signal, async () => {
    const reading = await readSource(aws, { line: spec, pace: spec.place.pace }, signal);
    const versions = reading.kind === 'versions' ? reading.versions : [];
    const [newest] = versions;
    isEmpty = newest === undefined;
    const wanted = new Set(versions.map(({ evr }) => evr)).size;
    const found = newest ? `${plural(wanted, 'version')}, the newest ${newest.evr}` : 'no version';
    const isSigned = source.kind !== 'html' && source.key !== undefined;
    return `${source.kind} at ${new URL(source.url).host}: ${found} of ${product}${isSigned ? ', signed as configured' : ''}`;
  });
  if (!check.ok || !isEmpty) return check;
  // No obstacle: its first version may be yet to come.
  return {
    ...check,
    ok: false,
    mend: 'check product, versions, architectures and companions of the line',
  };
}

async function trackerOf(
  { aws, gitlab, spec, signal }: LookedAt,
  tracker: LineSpec['tracker'],
): Promise<string> {
  if (!tracker) return 'none';
  const store = storeOf({ aws, gitlab, spec, tracker, signal });
  const text = await store.read();
  if (text === undefined) return `${store.name} is not there yet`;
  try {
    return `${store.name}: ${plural(readTrackerText(text, spec).length, 'image')}`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NightshiftError('InvalidInput', `${store.name}: ${error.message}`, {
      hint: 'check images[].tracker in nightshift.yaml, or delete what is there: it is never written over',
    });
  }
}

/** gpgv, where a mirror has to be signed. */
async function gpgvChecks(lines: readonly Line[]): Promise<Check[]> {
  const isNeeded = lines.some(
    ({ source: { rpm, deb } }) => (typeof rpm === 'object' ? rpm.key : undefined) ?? deb?.key,
  );
  if (!isNeeded) return [];
  const name = 'gpgv';
  try {
    const { stdout } = await promisify(execFile)('gpgv', ['--version'], { timeout: 60_000 });
    return [{ name, ok: true, detail: stdout.split('\n')[0] ?? '' }];
  } catch (error) {
    const detail = `can’t be run: ${error instanceof Error ? error.message : String(error)}`;
    const mend =
      'install gpgv or GnuPG here and on the workers: it checks what mirrors have signed';
    return [{ name, ok: false, detail, mend, exitCode: exitCodes.failed }];
  }
}
