import type { AwsConnections } from '../../aws/connections.js';
import { type Pace, ordinaryPace } from '../../domain/config/pace.js';
import { NightshiftError } from '../../domain/errors.js';
import type { MirrorState } from '../../domain/images/mirror-state.js';
import { type WantedVersion, selectVersions } from '../../domain/images/select.js';
import type { LineSpec, SecretName } from '../../domain/images/spec.js';
import { readMirror } from '../../mirrors/index.js';
import { fromMirrorError } from './failures.js';
import { readSecret } from './secret-parameter.js';

/** Input of `readSource`. */
export interface SourceRequest {
  line: Pick<
    LineSpec,
    'product' | 'source' | 'versions' | 'newest' | 'architectures' | 'companions'
  >;
  /** What was read last, by the same wishes. */
  before?: MirrorState;
  /** Of the calls for the mirror's login. */
  pace?: Pace;
}

export type SourceReading =
  | { kind: 'unchanged'; state: MirrorState }
  | { kind: 'versions'; versions: WantedVersion[]; state: MirrorState };

/** The versions that images are wanted of, as the mirror has them now. */
export async function readSource(
  aws: AwsConnections,
  { line, before, pace = ordinaryPace }: SourceRequest,
  signal: AbortSignal,
): Promise<SourceReading> {
  const names = [line.product, ...line.companions];
  const { login: place, ...source } = line.source;
  const login = place && (await loginOf(aws, place, pace, signal));
  try {
    const reading = await readMirror(
      source,
      { names, architectures: line.architectures },
      { signal, ...(before ? { before } : {}), ...(login === undefined ? {} : { login }) },
    );
    if (reading.kind === 'unchanged') return reading;
    return {
      kind: 'versions',
      versions: selectVersions(reading.packages, line),
      state: reading.state,
    };
  } catch (error) {
    throw fromMirrorError(error, place);
  }
}

async function loginOf(
  aws: AwsConnections,
  place: SecretName,
  pace: Pace,
  signal: AbortSignal,
): Promise<string> {
  const hint = 'put user:password there as a SecureString, or correct `login` in nightshift.yaml';
  const login = await readSecret(aws, place, { pace, hint, signal });
  if (/^[^:]+:/.test(login)) return login;
  const message = `the SSM parameter ${place.ssm} does not hold user:password`;
  throw new NightshiftError('InvalidInput', message, { hint });
}
