import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/temporal/until.js';
import { run, scratch } from './tools.js';

/** A key of GnuPG's, made for a test. */
export interface SigningKey {
  /** Armored public key. */
  armored: string;
  /** The path of a keyring that gpgv reads. */
  keyring: string;
  detached: (document: string | Buffer) => Promise<string>;
  /** Signed by this key, and by another one of the same home. */
  clearsigned: (text: string, also?: string) => Promise<string>;
}

export interface Keys {
  make: (name: string) => Promise<SigningKey>;
  remove: () => Promise<void>;
}

/** Makes keys in a home of their own; `remove` ends the agent that GnuPG has started there. */
export async function keysOfTest(): Promise<Keys> {
  const { path, remove } = await scratch();
  const env = { GNUPGHOME: join(path, 'home') };
  await mkdir(env.GNUPGHOME, { mode: 0o700 });
  await launchAgent(env);
  const gpg = (...args: string[]) =>
    run('gpg', ['--batch', '--quiet', '--yes', '--pinentry-mode', 'loopback', ...args], { env });
  const signed = async (name: string, how: readonly string[], document: string | Buffer) => {
    const file = join(path, 'document');
    await writeFile(file, document);
    await gpg('--local-user', name, '--armor', ...how, '--output', `${file}.asc`, file);
    return readFile(`${file}.asc`, 'utf8');
  };
  return {
    async make(name) {
      await gpg('--passphrase', '', '--quick-generate-key', name, 'ed25519', 'sign', 'never');
      const keyring = join(path, `${name}.gpg`);
      await writeFile(keyring, await gpg('--export', name));
      return {
        armored: (await gpg('--armor', '--export', name)).toString(),
        keyring,
        detached: (document) => signed(name, ['--detach-sign'], document),
        clearsigned: (text, also = name) =>
          signed(name, ['--local-user', also, '--clear-sign'], text),
      };
    },
    async remove() {
      await run('gpgconf', ['--kill', 'all'], { env });
      await rm(path, { recursive: true, force: true });
      await remove();
    },
  };
}

/** GnuPG gives its agent 5 s to come up; on a slow machine it takes more. */
async function launchAgent(env: NodeJS.ProcessEnv): Promise<void> {
  const isUp = () =>
    run('gpg-connect-agent', ['--no-autostart', '/bye'], { env }).then(
      () => true,
      () => false,
    );
  await until('the agent of GnuPG is up', async () => {
    await run('gpgconf', ['--launch', 'gpg-agent'], { env }).catch(() => undefined);
    return isUp();
  });
}
