import { describe, expect, test } from 'vitest';
import type { PlacedProjectInput } from '../../../../sandbox/codebuild/project-schema.js';
import { buildspecOf, ended, start } from '../../../../sandbox/codebuild/testing.js';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';
import { codeBuildClient } from '../../../../sandbox/testing/clients.js';
import type { CodebuildBuilder } from '../../../../src/domain/images/spec.js';
import type { Stage } from '../ec2/support.js';
import {
  account,
  builderWorker,
  buildersStage,
  failureOf,
  home,
  living,
  withLogs,
} from './support.js';

type Project = Partial<PlacedProjectInput>;

const told = {
  NIGHTSHIFT_KEY: 'runner/dev/gitlab-runner/al2023/x86_64/16.11.0-1',
  NIGHTSHIFT_PRODUCT: 'gitlab-runner',
  NIGHTSHIFT_VERSION: '16.11.0-1',
  NIGHTSHIFT_ARCH: 'x86_64',
  NIGHTSHIFT_BASE_OS: 'al2023',
  NIGHTSHIFT_BASE_IMAGE: 'ami-0123456789abcdef0',
};

/** A build of a project like this, once it has ended. */
async function builtBy(project: Project, fleet: Partial<FleetInput> = {}) {
  const stage = await buildersStage({
    fleet: { projects: [{ account, region: home, name: 'packer', ...project }], ...fleet },
  });
  const client = codeBuildClient(stage.sandbox.url, account, home);
  const buildId = await start(client, 'packer', {
    environmentVariablesOverride: Object.entries(told).map(([name, value]) => ({ name, value })),
  });
  await ended(client, buildId);
  return { stage, buildId };
}

function read(
  { place }: Stage,
  buildId: string,
  builder: Partial<CodebuildBuilder> = {},
  builds: Parameters<typeof withLogs>[1] = { logDrain: '200ms', logWait: '500ms' },
) {
  const { activities, run } = builderWorker();
  return run(activities.readManifest, {
    place: withLogs(place, builds),
    buildId,
    builder: {
      kind: 'codebuild',
      project: 'packer',
      overrides: {},
      retry: { attempts: 1, delay: '1s' },
      ...builder,
    },
  });
}

const made = async (stage: Stage) => {
  const images = (await living(stage)).filter(({ name }) => name !== 'base');
  return Object.fromEntries(images.map(({ region, id }) => [region, id]));
};

const imageOf = (imageId: string) =>
  JSON.stringify({
    builds: [{ artifact_id: `${home}:${imageId}`, packer_run_uuid: 'r' }],
    last_run_uuid: 'r',
  });
const print = (imageId: string) => `echo 'NIGHTSHIFT_MANIFEST ${imageOf(imageId)}'`;

/** A project whose commands really run. */
const running = (...commands: string[]): Project => ({
  execute: true,
  buildspec: buildspecOf(...commands),
});

describe('the manifest of a build', () => {
  test('is the line in its log, with an image in each region', async () => {
    const { stage, buildId } = await builtBy({ image: { regions: ['us-east-1'] } });
    const images = await read(stage, buildId);
    expect(images).toEqual(await made(stage));
    expect(Object.keys(images).sort()).toEqual([home, 'us-east-1']);
  });

  test('is waited for where the log comes long after the build’s end', async () => {
    const lateLogSeconds = 45;
    const { stage, buildId } = await builtBy({ image: {} }, { codebuild: { lateLogSeconds } });
    const logs = { logDrain: '2s', logWait: '2s' };
    expect(await read(stage, buildId, {}, logs)).toEqual(await made(stage));
  });

  test('is the last one in a log of many pages, some of them empty or in part', async () => {
    const noise = 'yes nothing of note | head -n 40000';
    const { stage, buildId } = await builtBy(
      running(noise, print('ami-0aaaaaaaaaaaaaaa1'), noise, print('ami-0aaaaaaaaaaaaaaa2'), noise),
      { logs: { emptyPageShare: 0.4, partialPageShare: 0.5 } },
    );
    expect(await read(stage, buildId)).toEqual({ [home]: 'ami-0aaaaaaaaaaaaaaa2' });
    expect((await stage.admin.ledger({ action: 'GetLogEvents' })).length).toBeGreaterThan(4);
  });

  test('that was never printed is an error that says what to print', async () => {
    const { stage, buildId } = await builtBy({ image: { output: 'none' } });
    expect(await failureOf(read(stage, buildId))).toMatchObject({
      type: 'ImageFailed',
      nonRetryable: true,
      message: `build ${buildId} has printed no manifest: there is no line NIGHTSHIFT_MANIFEST {…} in its log`,
      details: [
        {
          hint: expect.stringContaining(
            'echo "NIGHTSHIFT_MANIFEST $(jq -c . manifest.json)"',
          ) as string,
        },
      ],
    });
  });

  test('that is no manifest is an error that says so', async () => {
    const { stage, buildId } = await builtBy(running(`echo 'NIGHTSHIFT_MANIFEST {"builds":[]}'`));
    expect(await failureOf(read(stage, buildId))).toMatchObject({
      type: 'ImageFailed',
      nonRetryable: true,
      message: `build ${buildId}: the manifest has no image of the last run`,
    });
  });

  test('is not there where nothing is logged', async () => {
    const { stage, buildId } = await builtBy({ image: {}, logs: { status: 'DISABLED' } });
    expect(await failureOf(read(stage, buildId))).toMatchObject({ type: 'ImageFailed' });
  });

  test('can be read again, by another worker, and while AWS throttles', async () => {
    const { stage, buildId } = await builtBy({ image: {} });
    await stage.admin.setFaults([{ kind: 'throttle', share: 0.3 }]);
    const first = await read(stage, buildId);
    expect(await read(stage, buildId)).toEqual(first);
  });
});

describe('the manifest in an artifact', () => {
  const buckets = [{ account, region: home, name: 'builds' }];
  const inArtifact = (artifacts: object = {}): Project => ({
    image: { output: 'artifact' },
    artifacts: { bucket: 'builds', ...artifacts },
  });

  test.each([
    ['below its project’s name', {}],
    ['below a path and the build’s own id', { path: 'nightly/', namespace: 'BUILD_ID', name: 'x' }],
    ['at the bucket’s root', { name: '/' }],
  ])('is found %s', async (_, artifacts) => {
    const { stage, buildId } = await builtBy(inArtifact(artifacts), { buckets });
    const images = await read(stage, buildId, { manifest: 'manifest.json' });
    expect(images).toEqual(await made(stage));
    expect(Object.keys(images)).toEqual([home]);
  });

  test('that is packed is an error that says what to set', async () => {
    const { stage, buildId } = await builtBy(inArtifact({ packaging: 'ZIP' }), { buckets });
    const failure = await failureOf(read(stage, buildId, { manifest: 'manifest.json' }));
    expect(failure).toMatchObject({
      type: 'ImageFailed',
      nonRetryable: true,
      message: `build ${buildId}: its artifact s3://builds/packer is one packed file, in which manifest.json is not looked for`,
      details: [{ hint: expect.stringContaining('NONE') as string }],
    });
  });

  test('that has another name is an error that says where it was looked for', async () => {
    const { stage, buildId } = await builtBy(inArtifact(), { buckets });
    expect(await failureOf(read(stage, buildId, { manifest: 'out/packer.json' }))).toMatchObject({
      type: 'ImageFailed',
      message: `build ${buildId} has no out/packer.json in its artifact s3://builds/packer`,
    });
  });

  test('of a project without artifacts is an error that says so', async () => {
    const { stage, buildId } = await builtBy({ image: {} });
    expect(await failureOf(read(stage, buildId, { manifest: 'manifest.json' }))).toMatchObject({
      type: 'ImageFailed',
      message: `build ${buildId} has no artifact in S3`,
    });
  });
});
