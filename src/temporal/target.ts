import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { TemporalSettings } from '../domain/config/temporal.js';
import { InvalidInputError } from '../domain/errors.js';
import { messageOf } from './message-of.js';

/** Host and port where a Temporal server answers unless it was told otherwise. */
export const defaultAddress = '127.0.0.1:7233';
export const defaultNamespace = 'default';

/** What both `Connection.connect` (client) and `NativeConnection.connect` (worker) take. */
export type TemporalConnectionOptions = Pick<
  NativeConnectionOptions,
  'apiKey' | 'tls' | 'metadata'
> &
  Pick<ConnectionOptions, 'channelArgs'> & { address: string };

/** A Temporal server: where it is, and all that is needed to talk to it. */
export interface TemporalTarget {
  /** Host and port. */
  address: string;
  namespace: string;
  connectionOptions: TemporalConnectionOptions;
}

/** `temporal` of nightshift.yaml; the task queue is of no matter here. */
export type TemporalOverrides = Partial<TemporalSettings>;

export interface TargetOptions {
  /** `temporal` of nightshift.yaml. What it names goes before the environment and profiles. */
  temporal?: TemporalOverrides | undefined;
  /** Defaults to `process.env`. */
  env?: NodeJS.ProcessEnv | undefined;
}

/** A server that somebody named, and where they did, so that a message can point there. */
export interface ConfiguredTarget extends TemporalTarget {
  namedBy: string;
}

/**
 * The server named by nightshift.yaml, TEMPORAL_ADDRESS or a Temporal profile, in this order; undefined
 * when none of them names an address.
 *
 * @throws InvalidInputError when the environment or the profile can't be read.
 */
export function configuredTarget(options: TargetOptions = {}): ConfiguredTarget | undefined {
  const env = options.env ?? process.env;
  const profile = loadProfile(env);
  const address = options.temporal?.address ?? profile.connectionOptions.address;
  if (address === undefined || address === '') return undefined;
  const { apiKey, tls, metadata } = profile.connectionOptions;
  const namedBy =
    options.temporal?.address === undefined ? sourceOf(env) : 'temporal.address in nightshift.yaml';
  checkAddress(address, namedBy);
  return {
    address,
    namespace: configuredNamespace(options),
    connectionOptions: { address, apiKey, tls, metadata, ...loopbackArgs(address) },
    namedBy,
  };
}

/** A server on this machine, which needs neither TLS nor a key. */
export function localTarget(address: string, namespace: string): TemporalTarget {
  return { address, namespace, connectionOptions: { address, ...loopbackArgs(address) } };
}

/** The namespace of nightshift.yaml, TEMPORAL_NAMESPACE or the profile; else `default`. */
export function configuredNamespace(options: TargetOptions = {}): string {
  const named =
    options.temporal?.namespace ?? loadProfile(options.env ?? process.env).namespace ?? '';
  return named === '' ? defaultNamespace : named;
}

function loadProfile(env: NodeJS.ProcessEnv): ReturnType<typeof loadClientConnectConfig> {
  const overrideEnvVars = definedValues(env);
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (cause) {
    // envconfig 1.24 trips over a file without any profile, such as an empty one.
    const noProfiles = cause instanceof TypeError;
    if (noProfiles && !env.TEMPORAL_PROFILE) {
      return loadClientConnectConfig({ overrideEnvVars, disableFile: true });
    }
    throw badProfile(env, noProfiles ? 'the file has no profiles' : messageOf(cause), cause);
  }
}

function badProfile(env: NodeJS.ProcessEnv, message: string, cause: unknown): InvalidInputError {
  const source = env.TEMPORAL_CONFIG_FILE ?? "Temporal's environment variables or profile";
  const path = env.TEMPORAL_PROFILE === undefined ? '' : `profile.${env.TEMPORAL_PROFILE}`;
  return new InvalidInputError([{ source, path, message }], {
    hint: 'Mend it, or unset the TEMPORAL_… variables to go without it.',
    cause,
  });
}

function sourceOf(env: NodeJS.ProcessEnv): string {
  if ((env.TEMPORAL_ADDRESS ?? '') !== '') return 'TEMPORAL_ADDRESS';
  return `the Temporal profile "${env.TEMPORAL_PROFILE ?? 'default'}"`;
}

function checkAddress(address: string, namedBy: string): void {
  if (/^(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?$/i.test(address)) return;
  throw new InvalidInputError([
    {
      source: namedBy,
      path: '',
      message: `"${address}" is not an address: a host and a port, such as temporal.example.com:7233`,
    },
  ]);
}

/** gRPC sends even loopback calls through http_proxy, which can't reach this machine's loopback. */
function loopbackArgs(address: string): Pick<ConnectionOptions, 'channelArgs'> {
  const loopback = /^(127\.[\d.]+|localhost|\[::1\])(:\d+)?$/.test(address);
  return loopback ? { channelArgs: { 'grpc.enable_http_proxy': 0 } } : {};
}

function definedValues(env: NodeJS.ProcessEnv): Record<string, string> {
  const values: Record<string, string> = {};
  // An empty variable counts as absent, as it does for the Temporal CLI.
  for (const [name, value] of Object.entries(env)) if (value) values[name] = value;
  return values;
}
