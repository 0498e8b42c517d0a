import { randomUUID } from 'node:crypto';
import { StopBuildCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import {
  manifestInLine,
  manifestMarker,
  parseManifest,
} from '../../../src/domain/images/manifest.js';
import { SandboxAdmin } from '../../admin-client.js';
import type { FleetInput } from '../../fleet/schema.js';
import type { Sandbox } from '../../index.js';
import { codeBuildClient, s3Client } from '../../testing/clients.js';
import type { BehaviourInput } from '../behaviour.js';
import type { PlacedProjectInput } from '../project-schema.js';
import { account, buildOf, contextsOf, region, start, withProjects } from '../testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
let admin: SandboxAdmin;
afterEach(() => sandbox.close());

async function open(
  project: Omit<PlacedProjectInput, 'account' | 'region' | 'name'>,
  rest: Partial<FleetInput> = {},
) {
  sandbox = await withProjects([{ name: 'packer', image: {}, ...project }], rest);
  client = codeBuildClient(sandbox.url, account, region);
  admin = new SandboxAdmin(sandbox.url);
}

const told = {
  NIGHTSHIFT_LINE: 'runner',
  NIGHTSHIFT_CHANNEL: 'dev',
  NIGHTSHIFT_PRODUCT: 'gitlab-runner',
  NIGHTSHIFT_VERSION: '2:16.10.0~rc1-1',
  NIGHTSHIFT_ARCH: 'x86_64',
  NIGHTSHIFT_BASE_OS: 'al2023',
  NIGHTSHIFT_BASE_IMAGE: 'ami-0123456789abcdef0',
  NIGHTSHIFT_REGION: region,
  NIGHTSHIFT_KEY: 'runner/dev/gitlab-runner/al2023/x86_64/2:16.10.0~rc1-1',
};

const run = (values: Record<string, string> = {}) =>
  start(client, 'packer', {
    environmentVariablesOverride: Object.entries({ ...told, ...values }).map(([name, value]) => ({
      name,
      value,
    })),
  });

async function ended(values: Record<string, string> = {}) {
  const id = await run(values);
  sandbox.clock.skip(600);
  const build = await buildOf(client, id);
  const { text = '' } = await admin.buildLog(id);
  return { build, text, lines: text.split('\n') };
}

const manifestsOf = (lines: readonly string[]) =>
  lines.filter((line) => line.includes(manifestMarker)).map((line) => manifestInLine(line));

test('a build makes an image with the tags that its variables say, and tells of it in its log', async () => {
  await open({});
  const { build, text, lines } = await ended();
  expect(build.buildStatus).toBe('SUCCEEDED');
  const [image, ...others] = await admin.images();
  expect(others).toEqual([]);
  expect(image).toMatchObject({
    account,
    region,
    state: 'available',
    architecture: 'x86_64',
    tags: {
      'nightshift:key': told.NIGHTSHIFT_KEY,
      'nightshift:line': 'runner',
      'nightshift:channel': 'dev',
      'nightshift:product': 'gitlab-runner',
      'nightshift:version': '2:16.10.0~rc1-1',
      'nightshift:os': 'al2023',
      'nightshift:arch': 'x86_64',
    },
  });
  // As CreateImage would take it.
  expect(image?.name).toMatch(/^gitlab-runner-2-16\.10\.0-rc1-1-al2023-x86_64-[0-9a-f]{8}$/);
  const [manifest, ...more] = manifestsOf(lines);
  expect(more).toEqual([]);
  expect(parseManifest(manifest ?? '')).toEqual({ [region]: image?.id });
  expect(text).toContain(`    amazon-ebs.image: AMI: ${image?.id}\n`);
  expect(text).toContain('TASK [Install gitlab-runner-2:16.10.0~rc1-1] ***');
});

test('the snapshots have the tags, too', async () => {
  await open({ image: { tags: { team: 'platform' } } });
  await ended();
  const [image] = await admin.images();
  const { ec2 } = sandbox.services;
  const tags = ec2.tags.of({
    accountId: account,
    region,
    resourceId: image?.snapshots[0] ?? '',
  });
  expect(Object.fromEntries(tags)).toEqual(image?.tags);
  expect(image?.tags).toMatchObject({ team: 'platform', 'nightshift:os': 'al2023' });
});

test('architectures are EC2’s, whatever the mirror calls them', async () => {
  await open({});
  await ended({ NIGHTSHIFT_ARCH: 'aarch64' });
  expect(await admin.images()).toMatchObject([
    { architecture: 'arm64', tags: { 'nightshift:arch': 'aarch64' } },
  ]);
});

test('a template may forget the tags', async () => {
  await open({ image: { tagged: false } });
  await ended();
  expect(await admin.images()).toMatchObject([{ tags: {} }]);
});

test('a variable that is missing is named, and nothing is made', async () => {
  await open({});
  const { build, text } = await ended({ NIGHTSHIFT_KEY: '' });
  expect(build.buildStatus).toBe('FAILED');
  expect(contextsOf(build)).toEqual([
    'BUILD: COMMAND_EXECUTION_ERROR Error while executing command: packer build .. Reason: exit status 1',
  ]);
  expect(text).toContain('Error: NIGHTSHIFT_KEY is not set\n');
  expect(await admin.images()).toEqual([]);
});

test('a build that is told nothing of an image is as any other', async () => {
  await open({});
  const id = await start(client, 'packer');
  sandbox.clock.skip(600);
  expect((await buildOf(client, id)).buildStatus).toBe('SUCCEEDED');
  expect((await admin.buildLog(id)).text).not.toContain('amazon-ebs');
  expect(await admin.images()).toEqual([]);
});

test('Packer’s own copies are in the manifest, each with its source', async () => {
  const regions = [region, 'eu-west-1'];
  await open({ image: { regions: ['eu-west-1'] } }, { regions });
  const { lines } = await ended();
  const [home, copy] = await admin.images();
  expect(copy).toMatchObject({
    region: 'eu-west-1',
    source: { imageId: home?.id, region },
    tags: home?.tags,
  });
  expect(parseManifest(manifestsOf(lines)[0] ?? '')).toEqual({
    [region]: home?.id,
    'eu-west-1': copy?.id,
  });
});

test('an image is pending for as long as it is to be', async () => {
  await open({ image: { pendingSeconds: 60 }, behaviour: { phases: { BUILD: 100 } } });
  const id = await run();
  sandbox.clock.skip(60);
  expect((await buildOf(client, id)).currentPhase).toBe('BUILD');
  expect(await admin.images()).toMatchObject([{ state: 'pending' }]);
  sandbox.clock.skip(100);
  expect(await admin.images()).toMatchObject([{ state: 'available' }]);
});

test('a build that is stopped leaves what it has begun, and begins nothing more', async () => {
  await open({ image: { pendingSeconds: 60 }, behaviour: { phases: { BUILD: 100 } } });
  const early = await run();
  sandbox.clock.skip(20);
  await client.send(new StopBuildCommand({ id: early }));
  sandbox.clock.skip(600);
  expect(await admin.images()).toEqual([]);
  const late = await run();
  sandbox.clock.skip(60);
  await client.send(new StopBuildCommand({ id: late }));
  sandbox.clock.skip(600);
  expect((await buildOf(client, late)).buildStatus).toBe('STOPPED');
  expect(await admin.images()).toMatchObject([{ state: 'available' }]);
  const { text = '' } = await admin.buildLog(late);
  expect(text).not.toContain(manifestMarker);
});

test('a log as long as its behaviour says is written in place of Packer’s', async () => {
  await open({ behaviour: { log: { lines: 1000 } } });
  const { lines } = await ended();
  expect(lines.filter((line) => /^\d+ compiled/.test(line))).toHaveLength(1000);
  expect(manifestsOf(lines)).toHaveLength(1);
});

describe('the manifest as artifact', () => {
  const bucket = 'nightshift-artifacts';
  const fleet = { buckets: [{ account, region, name: bucket }] };
  const uuid = (id = '') => id.split(':')[1] ?? '';

  test('is a file below the build’s location', async () => {
    const artifacts = { bucket, path: '/images/', namespace: 'BUILD_ID' as const, name: 'made' };
    await open({ image: { output: 'both' }, artifacts }, fleet);
    const { build, lines } = await ended();
    const folder = `images/${uuid(build.id)}/made`;
    expect(build.artifacts?.location).toBe(`arn:aws:s3:::${bucket}/${folder}`);
    const s3 = s3Client(sandbox.url, account, region);
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: `${folder}/manifest.json` }),
    );
    const text = await Body?.transformToString();
    const [image] = await admin.images();
    expect(parseManifest(text ?? '')).toEqual({ [region]: image?.id });
    expect(manifestsOf(lines)).toEqual([text]);
  });

  test('may be in a ZIP, and the log without it', async () => {
    const artifacts = { bucket, name: 'made.zip', packaging: 'ZIP' as const };
    await open({ image: { output: 'artifact' }, artifacts }, fleet);
    const { build, text } = await ended();
    expect(text).not.toContain(manifestMarker);
    expect(build.artifacts).toMatchObject({
      location: `arn:aws:s3:::${bucket}/made.zip`,
      sha256sum: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    const s3 = s3Client(sandbox.url, account, region);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'made.zip' }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04'));
    expect(bytes.includes('manifest.json')).toBe(true);
  });

  test('fails the build whose bucket is gone, though the image is there', async () => {
    await open({ image: { output: 'artifact' }, artifacts: { bucket } });
    const { build } = await ended();
    expect(build.buildStatus).toBe('FAILED');
    expect(contextsOf(build)).toEqual([
      'UPLOAD_ARTIFACTS: CLIENT_ERROR Error in UPLOAD_ARTIFACTS phase: NoSuchBucket: The specified bucket does not exist',
    ]);
    expect(await admin.images()).toHaveLength(1);
  });

  test('is nowhere where it is to be nowhere', async () => {
    await open({ image: { output: 'none' }, artifacts: { bucket } }, fleet);
    const { text } = await ended();
    expect(text).not.toContain(manifestMarker);
    expect(await admin.bucket(bucket)).toEqual({ versions: 0, uploads: 0 });
    expect(await admin.images()).toHaveLength(1);
  });
});

describe('builds fail', () => {
  const statusOf = async (values: Record<string, string>) =>
    (await ended(values)).build.buildStatus;
  const failing = (fail: BehaviourInput['fail']) => open({ behaviour: { fail } });
  const os = (name: string) => ({ NIGHTSHIFT_BASE_OS: name, NIGHTSHIFT_KEY: randomUUID() });

  test('for one OS once and for another always, and for a third never', async () => {
    await failing([
      { kind: 'command', when: { NIGHTSHIFT_BASE_OS: 'rocky9' }, times: 1 },
      { kind: 'command', when: { NIGHTSHIFT_BASE_OS: ['debian12', 'debian13'] } },
    ]);
    const statuses: Record<string, (string | undefined)[]> = {};
    for (const name of ['al2023', 'rocky9', 'debian13'])
      statuses[name] = [await statusOf(os(name)), await statusOf(os(name))];
    expect(statuses).toEqual({
      al2023: ['SUCCEEDED', 'SUCCEEDED'],
      rocky9: ['FAILED', 'SUCCEEDED'],
      debian13: ['FAILED', 'FAILED'],
    });
    const images = await admin.images();
    expect(images.map(({ tags }) => tags['nightshift:os'])).toEqual(['al2023', 'al2023', 'rocky9']);
  });

  test('once for each value of a variable', async () => {
    await failing({ kind: 'command', times: 1, per: 'NIGHTSHIFT_KEY' });
    const statuses = [];
    for (const NIGHTSHIFT_KEY of ['a', 'b', 'a', 'b'])
      statuses.push(await statusOf({ NIGHTSHIFT_KEY }));
    expect(statuses).toEqual(['FAILED', 'FAILED', 'SUCCEEDED', 'SUCCEEDED']);
  });

  test('with a reason in Packer’s words, and no image', async () => {
    await failing({ kind: 'command', exitStatus: 2, message: 'Timeout waiting for SSH.' });
    const { text } = await ended();
    expect(text).toContain("Build 'amazon-ebs.image' errored after 5 seconds: Timeout waiting");
    expect(text).not.toContain(manifestMarker);
    expect(await admin.images()).toEqual([]);
  });

  test('after the image is there, without telling of it: the answer is lost', async () => {
    await failing({ kind: 'fault', afterImage: true });
    const { build, text } = await ended();
    expect(build.buildStatus).toBe('FAULT');
    expect(text).not.toContain(manifestMarker);
    expect(await admin.images()).toMatchObject([
      { state: 'available', tags: { 'nightshift:key': told.NIGHTSHIFT_KEY } },
    ]);
  });

  test('after they have told of the image', async () => {
    await failing({ kind: 'command', phase: 'POST_BUILD' });
    const { build, lines } = await ended();
    expect(build.buildStatus).toBe('FAILED');
    expect(manifestsOf(lines)).toHaveLength(1);
    expect(await admin.images()).toHaveLength(1);
  });

  test('while they hang, with the image there or not', async () => {
    const behaviour = (afterImage: boolean) => ({ fail: { kind: 'timeout' as const, afterImage } });
    await open({ timeoutMinutes: 5, behaviour: behaviour(false) });
    expect(await statusOf({})).toBe('TIMED_OUT');
    expect(await admin.images()).toEqual([]);
    await ended({ SANDBOX_BUILD: JSON.stringify(behaviour(true)) });
    expect(await admin.images()).toHaveLength(1);
  });

  test('that make no image at all, such as smoke tests, by the image that they are given', async () => {
    const bad = 'ami-0123456789abcdef0';
    sandbox = await withProjects([
      {
        name: 'packer',
        behaviour: { fail: { kind: 'command', when: { NIGHTSHIFT_IMAGE_ID: bad } } },
      },
    ]);
    client = codeBuildClient(sandbox.url, account, region);
    admin = new SandboxAdmin(sandbox.url);
    expect(await statusOf({ NIGHTSHIFT_IMAGE_ID: bad })).toBe('FAILED');
    expect(await statusOf({ NIGHTSHIFT_IMAGE_ID: 'ami-0fedcba9876543210' })).toBe('SUCCEEDED');
    expect(await admin.images()).toEqual([]);
  });
});

test('a time that has passed since changes nothing: images are as old as their builds', async () => {
  await open({});
  const id = await run();
  sandbox.clock.skip(3600);
  const [image] = await admin.images();
  const { endTime } = await buildOf(client, id);
  expect(Date.parse(image?.createdAt ?? '')).toBeLessThanOrEqual(endTime?.getTime() ?? 0);
});
