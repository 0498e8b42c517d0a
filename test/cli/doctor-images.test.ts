import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { defineFleet } from '../../sandbox/fleet/load.js';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import { startSandbox } from '../../sandbox/index.js';
import { type Keys, type SigningKey, keysOfTest } from '../mirrors/support/keys.js';
import { type HandMade, handMade } from '../mirrors/support/repository.js';
import { nightshift } from './support/command.js';
import { sandboxEnv } from '../support/sandbox-env.js';

const region = 'ap-southeast-2';
const place = { account: 'dev-1', region };
const [x86, arm] = ['ami-0123456789abcdef0', 'ami-0fedcba9876543210'];
const repomd = '/repodata/repomd.xml';
const trackerName = '/nightshift/images/runner';

const containing = (text: string) => expect.stringContaining(text) as string;
const matching = (text: RegExp | string) => expect.stringMatching(text) as string;

let keys: Keys;
let key: SigningKey;
let signed: HandMade;
beforeAll(async () => {
  keys = await keysOfTest();
  key = await keys.make('mirror');
  const repository = handMade([{ version: '16.10.0' }, { version: '16.11.0' }]);
  signed = { ...repository, [`${repomd}.asc`]: await key.detached(repository[repomd] ?? '') };
});
afterAll(() => keys.remove());

const fleet = (folder: string): FleetInput => ({
  regions: [region],
  accounts: [{ id: '111111111111', name: 'dev-1' }],
  projects: [
    { ...place, name: 'image-build' },
    { ...place, name: 'image-test' },
  ],
  images: [
    { ...place, id: x86, name: 'x86', owner: 'amazon' },
    { ...place, id: arm, name: 'arm', owner: 'amazon', architecture: 'arm64' },
  ],
  imagePipelines: [{ ...place, name: 'runner-al2023' }],
  parameters: [
    { name: '/nightshift/gitlab', value: 'gitlab-token' },
    { ...place, account: 'dev-1', name: '/golden/arm64', value: arm },
    { ...place, account: 'dev-1', name: '/elsewhere', value: 's3cret of somebody else' },
  ],
  gitlab: { projects: [{ id: 1, path: 'platform/images' }] },
  mirrors: [{ name: 'el9', kind: 'folder', folder }],
});

/** Where the sandbox is: its URL is known once it runs. */
const sandboxUrl = 'https://sandbox.example';
const line = () => ({
  line: 'runner',
  product: 'gitlab-runner',
  source: { rpm: { url: `${sandboxUrl}/mirror/el9`, key: key.armored } },
  baseOs: [{ name: 'al2023', baseImage: x86 }],
  ...place,
  builder: { codebuild: { project: 'image-build' } },
});

const checksSchema = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      detail: z.string(),
      mend: z.string().optional(),
      exitCode: z.number().optional(),
    }),
  ),
});

/** What doctor finds of lines, each with some keys of its own. */
async function examine(...lines: object[]) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, document] of Object.entries(signed)) {
    const file = join(folder, 'mirror', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, document);
  }
  const sandbox = await startSandbox({ fleet: defineFleet(fleet(join(folder, 'mirror'))) });
  onTestFinished(() => sandbox.close());
  const text = stringify({
    accounts: {
      list: [{ name: 'dev-1', id: '111111111111' }],
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    images: lines.map((more) => ({ ...line(), ...more })),
    temporal: { address: inject('temporalAddress'), taskQueue: `doctor-${randomUUID()}` },
  }).replaceAll(sandboxUrl, sandbox.url);
  await writeFile(join(folder, 'nightshift.yaml'), text);
  const { stdout } = await nightshift(['doctor', '--json'], {
    cwd: folder,
    env: sandboxEnv(sandbox.url, region),
  });
  const { checks } = checksSchema.parse(JSON.parse(stdout));
  return { stdout, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

const gitlab = {
  url: sandboxUrl,
  project: 'platform/images',
  token: { ssm: '/nightshift/gitlab' },
};

test('doctor looks at a line’s account, mirror, builder, base images, smoke test and tracker', async () => {
  const { checks } = await examine({
    architectures: ['x86_64', 'aarch64'],
    baseOs: [
      {
        name: 'al2023',
        baseImage: { byArchitecture: { x86_64: x86, arm64: { ssm: '/golden/{arch}' } } },
      },
    ],
    smokeTest: { codebuild: { project: 'image-test' } },
    tracker: { ssm: trackerName },
  });
  expect(checks['Config']?.detail).toMatch(/nightshift\.yaml: 1 line of images, 0 schedules$/);
  expect(checks['gpgv']).toMatchObject({ ok: true, detail: containing('gpgv') });
  expect(checks['Line runner/dev']).toMatchObject({ ok: true, detail: `dev-1/${region}` });
  expect(checks['Mirror runner/dev']).toMatchObject({
    ok: true,
    detail: matching(
      /^rpm at 127\.0\.0\.1:\d+: 2 versions, the newest 16\.11\.0-1 of gitlab-runner, signed as configured$/,
    ),
  });
  expect(checks['Builder runner/dev']).toMatchObject({
    ok: true,
    detail: 'CodeBuild project image-build',
  });
  expect(checks['Base images runner/dev']).toMatchObject({
    ok: true,
    detail: `al2023/x86_64 ${x86}, al2023/aarch64 ${arm}`,
  });
  expect(checks['Smoke test runner/dev']).toMatchObject({
    ok: true,
    detail: 'CodeBuild project image-test',
  });
  expect(checks['Tracker runner/dev']).toMatchObject({
    ok: true,
    detail: `SSM parameter ${trackerName} in ${region} is not there yet`,
  });
  for (const [name, { ok }] of Object.entries(checks))
    if (name.endsWith('runner/dev')) expect(ok, name).toBe(true);
});

test('doctor looks at a GitLab project and a secure file, and shows no token', async () => {
  const { checks, stdout } = await examine({
    builder: { gitlab },
    tracker: { gitlab: { ...gitlab, name: 'runner-versions' } },
  });
  expect(checks['Builder runner/dev']).toMatchObject({
    ok: true,
    detail: matching(/^GitLab project platform\/images at http.*, main$/),
  });
  expect(checks['Tracker runner/dev']).toMatchObject({
    ok: true,
    detail: containing('secure file runner-versions of platform/images'),
  });
  expect(stdout).not.toContain('gitlab-token');
});

test('doctor looks at each pipeline of Image Builder that the line names', async () => {
  const builder = { imageBuilder: { pipeline: 'runner-{os}' } };
  const baseOs = ['al2023', 'rocky9'].map((name) => ({ name, baseImage: x86 }));
  const { checks } = await examine({ builder }, { line: 'both', builder, baseOs });
  expect(checks['Builder runner/dev']).toMatchObject({
    ok: true,
    detail: 'Image Builder pipeline runner-al2023',
  });
  expect(checks['Builder both/dev']).toMatchObject({
    ok: false,
    detail: containing('there is no image pipeline runner-rocky9'),
  });
});

const faults = (): [what: string, more: object, check: string, detail: RegExp][] => [
  [
    'a project that is not there',
    { builder: { codebuild: { project: 'elsewhere' } } },
    'Builder',
    /ResourceNotFoundException/,
  ],
  [
    'a GitLab project that is not there',
    { builder: { gitlab: { ...gitlab, project: 'platform/else' } } },
    'Builder',
    /platform\/else/,
  ],
  [
    'a token that is not there',
    { builder: { gitlab: { ...gitlab, token: { ssm: '/nightshift/nothing' } } } },
    'Builder',
    /there is no SSM parameter \/nightshift\/nothing in the management account/,
  ],
  [
    'a mirror that is not there',
    { source: { rpm: `${sandboxUrl}/mirror/el8` } },
    'Mirror',
    /mirror\/el8\/repodata\/repomd\.xml: is not there/,
  ],
  [
    'a keyring that is not there',
    { source: { rpm: { url: `${sandboxUrl}/mirror/el9`, key: '/nowhere/mirror.gpg' } } },
    'Mirror',
    /the configured keyring can't be read: .*\/nowhere\/mirror\.gpg/,
  ],
  [
    'a base image that is not there',
    { baseOs: [{ name: 'al2023', baseImage: 'ami-00000000000000001' }] },
    'Base images',
    /there is no image ami-00000000000000001 for al2023 in dev-1/,
  ],
  [
    'a base image of another architecture',
    { baseOs: [{ name: 'al2023', baseImage: arm }] },
    'Base images',
    /is of arm64, not of x86_64/,
  ],
  [
    'a base image’s parameter that is not there',
    { baseOs: [{ name: 'al2023', baseImage: { ssm: '/golden/{arch}' } }] },
    'Base images',
    /there is no SSM parameter \/golden\/x86_64/,
  ],
  [
    'a smoke test whose project is not there',
    { smokeTest: { codebuild: { project: 'elsewhere' } } },
    'Smoke test',
    /ResourceNotFoundException/,
  ],
  [
    'a tracker that is something else, which it does not show',
    { tracker: { ssm: '/elsewhere' } },
    'Tracker',
    /is no version such as 16\.11\.0/,
  ],
  [
    'an account that is not configured',
    { account: 'dev-2' },
    'Line',
    /"dev-2" is not an account that is configured/,
  ],
];

test('doctor names what is wrong with a line, each thing by itself', async () => {
  const lines = faults().map(([, more], index) => ({ line: `line-${index}`, ...more }));
  const { checks, stdout } = await examine(...lines);
  for (const [index, [what, , check, detail]] of faults().entries()) {
    const found = checks[`${check} line-${index}/dev`];
    expect(found, what).toMatchObject({ ok: false, detail: matching(detail) });
    expect([1, 2], what).toContain(found?.exitCode);
  }
  const wrong = Object.values(checks).filter(({ name, ok }) => name.endsWith('/dev') && !ok);
  expect(wrong).toHaveLength(lines.length);
  expect(stdout).not.toContain('s3cret');
});

test('doctor says that a mirror has nothing of what is wanted, which is no obstacle', async () => {
  const { checks } = await examine({ versions: '>=18' });
  expect(checks['Mirror runner/dev']).toMatchObject({
    ok: false,
    detail: containing('no version of gitlab-runner'),
  });
  expect(checks['Mirror runner/dev']).not.toHaveProperty('exitCode');
});
