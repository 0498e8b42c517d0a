import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/domain/errors.js';
import { configuredNamespace, configuredTarget } from '../../src/temporal/target.js';
import { temporaryFolder } from '../support/temporal/folder.js';

/** An environment whose profile is this text. */
async function profile(text: string, more: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const file = join(await temporaryFolder(), 'temporal.toml');
  await writeFile(file, text);
  return { TEMPORAL_CONFIG_FILE: file, ...more };
}

describe('the server that somebody named', () => {
  it('is none where nothing names one', async () => {
    const env = await profile('');
    expect(configuredTarget({ env })).toBeUndefined();
    expect(configuredTarget({ env: { ...env, TEMPORAL_ADDRESS: '' } })).toBeUndefined();
    expect(configuredNamespace({ env })).toBe('default');
  });

  it('comes from nightshift.yaml, then TEMPORAL_ADDRESS, then the profile', async () => {
    const text = '[profile.default]\naddress = "profile:1"\nnamespace = "from-profile"\n';
    const env = await profile(text);
    expect(configuredTarget({ env })).toMatchObject({
      address: 'profile:1',
      namespace: 'from-profile',
      namedBy: 'the Temporal profile "default"',
    });
    const named = { ...env, TEMPORAL_ADDRESS: 'environment:2', TEMPORAL_NAMESPACE: 'from-env' };
    expect(configuredTarget({ env: named })).toMatchObject({
      address: 'environment:2',
      namespace: 'from-env',
      namedBy: 'TEMPORAL_ADDRESS',
    });
    const temporal = { address: 'yaml:3', namespace: 'from-yaml' };
    expect(configuredTarget({ env: named, temporal })).toMatchObject({
      address: 'yaml:3',
      namespace: 'from-yaml',
      connectionOptions: { address: 'yaml:3' },
      namedBy: 'temporal.address in nightshift.yaml',
    });
  });

  it('keeps the TLS and API key of a profile chosen by name', async () => {
    const text = [
      '[profile.cloud]',
      'address = "eu.example.com:7233"',
      'api_key = "secret"',
      '[profile.cloud.tls]',
      'server_name = "other.example.com"',
    ].join('\n');
    const env = await profile(text, { TEMPORAL_PROFILE: 'cloud' });
    expect(configuredTarget({ env })?.connectionOptions).toMatchObject({
      apiKey: 'secret',
      tls: { serverNameOverride: 'other.example.com' },
    });
  });

  it.each(['http://127.0.0.1:7233', 'a b:1', 'host:port'])('may not be %s', async (address) => {
    const env = await profile('', { TEMPORAL_ADDRESS: address });
    expect(() => configuredTarget({ env })).toThrow(InvalidInputError);
    expect(() => configuredTarget({ env })).toThrow(`TEMPORAL_ADDRESS: "${address}"`);
  });

  it('is refused with the name of a file that is not TOML', async () => {
    const env = await profile('[profile.default\n');
    expect(() => configuredTarget({ env })).toThrow(InvalidInputError);
    expect(() => configuredTarget({ env })).toThrow(env.TEMPORAL_CONFIG_FILE);
  });

  it('is refused with the name of a profile that is not there', async () => {
    const env = await profile('', { TEMPORAL_PROFILE: 'elsewhere' });
    expect(() => configuredTarget({ env })).toThrow(/elsewhere/);
  });

  it('is not asked through a proxy where it is on this machine', () => {
    const local = { 'grpc.enable_http_proxy': 0 };
    const options = (address: string): object =>
      configuredTarget({ env: {}, temporal: { address } })?.connectionOptions ?? {};
    for (const address of ['127.0.0.1:7233', 'localhost:1', '[::1]:7233']) {
      expect(options(address)).toMatchObject({ channelArgs: local });
    }
    expect(options('temporal.example.com:7233')).not.toHaveProperty('channelArgs');
  });
});
