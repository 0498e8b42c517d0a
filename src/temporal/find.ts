import { resolve } from 'node:path';
import { answered, localDeadlineMs, probe, remoteDeadlineMs } from './probe.js';
import { livingRecord } from './server-record.js';
import { defaultStateDir } from './state-dir.js';
import {
  configuredNamespace,
  configuredTarget,
  defaultAddress,
  localTarget,
  type TargetOptions,
  type TemporalTarget,
} from './target.js';
import { noTemporalServer } from './ways-out.js';

export interface FindOptions extends TargetOptions {
  /** Folder that an embedded server of this checkout keeps its state in; `.nightshift` unless given. */
  stateDir?: string | undefined;
  /** Where a server is looked for that nobody named; 127.0.0.1:7233 unless given. */
  defaultAddress?: string | undefined;
  /**
   * How long a server may take to answer, in milliseconds. Unless given 10 s for one that was named, 3 s for one that
   * may run on this machine.
   */
  deadlineMs?: number | undefined;
}

export interface FoundServer extends TemporalTarget {
  /**
   * `configured`: named by nightshift.yaml, TEMPORAL_ADDRESS or a profile. `default`: it answers on the default
   * port. `recorded`: started by this checkout earlier.
   */
  kind: 'configured' | 'default' | 'recorded';
  /** For people: where it was found, as "TEMPORAL_ADDRESS". */
  foundBy: string;
  /** Version that the server tells. */
  version: string;
}

/**
 * Finds a server that runs: the one that was named; else one on the default port; else the one that this
 * checkout has started. Undefined when there is none.
 *
 * @throws NightshiftError `NoTemporalServer` when one was named and does not answer: another one instead would
 * be a surprise. InvalidInputError when what names it is wrong.
 */
export async function findServer(options: FindOptions = {}): Promise<FoundServer | undefined> {
  const configured = configuredTarget(options);
  if (configured !== undefined) {
    const { namedBy, ...target } = configured;
    const result = await probe(target, options.deadlineMs ?? remoteDeadlineMs);
    if (answered(result)) return { ...target, kind: 'configured', foundBy: namedBy, ...result };
    throw noTemporalServer(
      `No Temporal server answers at ${target.address} (from ${namedBy}): ${result.error.message}`,
      result.error,
    );
  }

  const namespace = configuredNamespace(options);
  const stateDir = resolve(options.stateDir ?? defaultStateDir);
  const record = await livingRecord(stateDir);
  const address = options.defaultAddress ?? defaultAddress;
  if (record?.address !== address) {
    const target = localTarget(address, namespace);
    const result = await probe(target, options.deadlineMs ?? localDeadlineMs);
    if (answered(result)) {
      return { ...target, kind: 'default', foundBy: 'the default port', ...result };
    }
  }
  if (record === undefined) return undefined;
  const target = localTarget(record.address, namespace);
  const result = await probe(target, options.deadlineMs ?? localDeadlineMs);
  if (!answered(result)) return undefined;
  return { ...target, kind: 'recorded', foundBy: `started from ${stateDir}`, ...result };
}
