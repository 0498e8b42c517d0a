import { randomBytes, randomInt } from 'node:crypto';
import { SandboxAdmin } from '../../../sandbox/admin-client.js';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import { type CommandFolder, createCommandFolder } from '../support/command-folder.js';

export const region = 'ap-southeast-2';
const baseImage = 'ami-0123456789abcdef0';

/** A folder with a config of three lines, a mirror and projects that build images, and a task queue of its own. */
export interface Scene extends CommandFolder {
  /** Four images, of which the first check builds three; one fails twice, which is as often as it is tried. */
  line: string;
  /** In two channels, `dev` and `release`; a build takes longer than any test. */
  slow: string;
  config: Record<string, unknown>;
  admin: SandboxAdmin;
}

export async function createScene(
  temporal: { address: string; namespace?: string },
  line: object = {},
): Promise<Scene> {
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const place = { account: 'dev-1', region };
  const folder = await createCommandFolder('images', region, {
    speed: 100,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: accountId, name: 'dev-1' }],
      projects: [
        {
          ...place,
          name: 'image-build',
          image: {},
          behaviour: {
            fail: {
              kind: 'command',
              times: 2,
              when: { NIGHTSHIFT_BASE_OS: 'rocky9', NIGHTSHIFT_VERSION: '16.10.0-1' },
            },
          },
        },
        {
          ...place,
          name: 'slow-build',
          image: {},
          behaviour: { phases: { BUILD: 1_000_000 } },
          timeoutMinutes: 36 * 60,
        },
      ],
      images: [{ ...place, id: baseImage, name: 'base', owner: 'amazon' }],
      mirrors: [
        {
          name: 'el9',
          kind: 'rpm',
          packages: [{ name: 'gitlab-runner', versions: ['16.10.0-1', '16.11.0-1'] }],
        },
      ],
    }),
  });
  const { sandbox } = folder;
  const suffix = randomBytes(4).toString('hex');
  const [name, slow] = [`runner-${suffix}`, `slow-${suffix}`];
  const common = {
    ...place,
    product: 'gitlab-runner',
    source: { rpm: `${sandbox.url}/mirror/el9` },
    baseOs: [
      { name: 'al2023', baseImage },
      { name: 'rocky9', baseImage },
    ],
  };
  const slowLine = { ...common, line: slow, builder: { codebuild: { project: 'slow-build' } } };
  const config = {
    accounts: {
      list: [{ name: 'dev-1', id: accountId }],
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    builds: { pollInterval: '100ms', logDrain: '100ms', logWait: '2s' },
    pace: { retryDelay: '20ms' },
    temporal: { ...temporal, taskQueue: `images-${suffix}` },
    images: [
      {
        ...common,
        line: name,
        builder: { codebuild: { project: 'image-build' } },
        attempts: { most: 2, delay: '50ms', factor: 1 },
        firstRunLimit: 3,
        ...line,
      },
      slowLine,
      { ...slowLine, channel: 'release' },
    ],
  };
  await folder.writeConfig(config);
  return { ...folder, line: name, slow, config, admin: new SandboxAdmin(sandbox.url) };
}
