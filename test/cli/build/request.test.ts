import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RequestFlags, readRequest } from '../../../src/cli/build/request.js';
import { InvalidInputError, formatIssue } from '../../../src/domain/errors.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-build-'));
  await writeFile(join(folder, 'own.yml'), 'version: 0.2\n');
  await writeFile(join(folder, 'empty.yml'), ' \n');
  await writeFile(join(folder, 'large.yml'), 'x'.repeat(1_000_001));
  await mkdir(join(folder, 'folder'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function issuesOf(flags: RequestFlags): Promise<string[]> {
  const error: unknown = await readRequest(flags).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInputError)) throw new Error('not refused', { cause: error });
  return error.issues.map(formatIssue);
}

describe('the flags of a build', () => {
  it('become the request', async () => {
    const { request } = await readRequest({
      preset: 'image',
      project: 'image-build',
      account: 'dev-1',
      region: 'ap-southeast-2',
      sourceVersion: 'main',
      image: 'aws/codebuild/standard:7.0',
      computeType: 'BUILD_GENERAL1_LARGE',
      environmentType: 'ARM_CONTAINER',
      privileged: false,
      env: ['A=1=2', 'EMPTY='],
      envSsm: ['TOKEN=/ci/token'],
      envSecret: ['KEY=ci/key'],
      timeout: '90m',
      queuedTimeout: '1h',
      attempts: '1',
      sink: ['file:build.log'],
    });
    expect(request).toMatchObject({
      preset: 'image',
      project: 'image-build',
      account: 'dev-1',
      region: 'ap-southeast-2',
      sourceVersion: 'main',
      image: 'aws/codebuild/standard:7.0',
      computeType: 'BUILD_GENERAL1_LARGE',
      environmentType: 'ARM_CONTAINER',
      privileged: false,
      env: { A: '1=2', EMPTY: '', TOKEN: { ssm: '/ci/token' }, KEY: { secret: 'ci/key' } },
      timeout: '90m',
      queuedTimeout: '1h',
      retry: { attempts: 1 },
      sinks: [{ file: 'build.log' }],
    });
  });

  it('say nothing of what is not given', async () => {
    expect(await readRequest({ project: 'image-build' })).toEqual({
      request: { project: 'image-build' },
      notes: [],
    });
  });

  it.each<[RequestFlags, string[]]>([
    [{}, ['build run: --project: is missing: must name a CodeBuild project (or --preset']],
    [{ project: '-x' }, ['build run: --project: "-x" is not allowed: must be the name of a Code']],
    [{ computeType: 'LARGE' }, ['--compute-type: "LARGE" is not allowed: must be a compute type']],
    [{ environmentType: 'X86' }, ['--environment-type: "X86" is not allowed: must be one of']],
    [{ image: 'a b' }, ['--image: "a b" is not allowed: must be the name of an image']],
    [{ region: 'sydney' }, ['--region: "sydney" is not allowed: a region looks like']],
    [{ timeout: '3m' }, ['--timeout: "3m" is not allowed: must be a duration in whole minutes']],
    [{ timeout: '90' }, ['--timeout: "90" is not allowed: must be a duration in whole minutes']],
    [{ queuedTimeout: '9h' }, ['--queued-timeout: "9h" is not allowed: must be a duration']],
    [{ attempts: '0' }, ['--attempts: 0 is not allowed: must be a whole number from 1 to 20']],
    [{ attempts: 'many' }, ['--attempts: "many" is not allowed: must be a whole number']],
    [{ sourceVersion: '' }, ['--source-version: "" is not allowed: must be a commit']],
    [{ sink: ['/tmp'] }, ['--sink: "/tmp" is not allowed: must be file:PATH']],
    [{ env: ['A'] }, ['--env: "A" has no =: must be NAME=VALUE']],
    [{ env: ['=b'] }, ['--env: has no name before the =: must be NAME=VALUE']],
    [{ env: ['A=1', 'A=2'] }, ['--env: "A" is given twice: must be given once']],
    [{ env: ['A=1'], envSsm: ['A=/a'] }, ['--env-ssm: "A" is given twice (--env has it, too)']],
    [
      { env: ['1A=1'] },
      ['--env: "1A" is not allowed: must be the name of an environment variable'],
    ],
    [
      { envSecret: ['A-B=c'] },
      ['--env-secret: "A-B" is not allowed: must be the name of an environment'],
    ],
    [{ envSsm: ['A='] }, ['--env-ssm A', 'must be the name of an SSM parameter']],
  ])('that are wrong are refused by name: %o', async (flags, says) => {
    const named = Object.keys(flags).length === 0 ? {} : { preset: 'p' };
    const issues = await issuesOf({ ...named, ...flags });
    expect(issues).toHaveLength(1);
    for (const part of says) expect(issues[0]).toContain(part);
  });

  it('that are wrong are refused all at once', async () => {
    const issues = await issuesOf({ env: ['A'], computeType: 'x', timeout: '1s', sink: ['y'] });
    expect(issues.map((issue) => issue.split(': ')[1])).toEqual([
      '--env',
      '--sink',
      '--project',
      '--compute-type',
      '--timeout',
    ]);
  });

  it('are refused without showing the value of a variable', async () => {
    const issues = await issuesOf({
      project: 'p1',
      env: ['s3cret/value', '2X=s3cret'],
      envSsm: ['2X=s3cret'],
    });
    expect(issues).toHaveLength(3);
    expect(issues.join()).not.toContain('s3cret');
  });
});

describe('--buildspec', () => {
  const read = (buildspec: string) => readRequest({ project: 'image-build', buildspec });

  it('sends the text of a local file, and says so', async () => {
    const file = join(folder, 'own.yml');
    const { request, notes } = await read(file);
    expect(request.buildspec).toBe('version: 0.2\n');
    expect(notes).toEqual([`buildspec ${file}: sent inline, 13 bytes`]);
  });

  it('is a path in the source where there is no such file, and says so', async () => {
    const { request, notes } = await read('ci/no-such-file.yml');
    expect(request.buildspec).toBe('ci/no-such-file.yml');
    expect(notes[0]).toContain('taken as a path in the source');
  });

  it('passes on an ARN, and a buildspec itself', async () => {
    for (const text of ['arn:aws:s3:::bucket/buildspec.yml', 'version: 0.2\nphases: {}'])
      expect(await read(text)).toEqual({
        request: { project: 'image-build', buildspec: text },
        notes: [],
      });
  });

  it.each([
    ['folder', 'is not a file'],
    ['empty.yml', 'is empty'],
    ['large.yml', 'has 1000001 bytes: must be a buildspec of at most 1000000'],
  ])('refuses %s', async (name, says) => {
    const issues = await issuesOf({ project: 'image-build', buildspec: join(folder, name) });
    expect(issues[0]).toMatch(/^build run: --buildspec: "/);
    expect(issues[0]).toContain(says);
  });
});
