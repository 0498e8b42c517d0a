import { describe, expect, test } from 'vitest';
import type { TrackerSpec } from '../../../../src/domain/images/spec.js';
import { failureOf, gitlabProject, gitlabStage, token, tokenName } from '../builders/support.js';
import type { Stage } from '../ec2/support.js';
import { readAs, shown, trackedLine, versions } from './support.js';

const file = 'gitlab-runner-versions.txt';
const inGitlab = ({ sandbox }: Stage, format: 'json' | 'versions' = 'json'): TrackerSpec => ({
  kind: 'gitlab',
  name: file,
  url: sandbox.url,
  project: gitlabProject,
  token: tokenName,
  format,
});
const effects = async ({ admin }: Stage) =>
  (await admin.ledger({ service: 'gitlab' })).filter(({ effective }) => effective).length;

describe('a tracker in a secure file of GitLab', () => {
  test('is written after each image, read back, and never away', async () => {
    const stage = await gitlabStage();
    const line = trackedLine(stage, inGitlab(stage));
    for (const count of [1, 5, 300]) {
      Object.assign(line.record.built, versions(count));
      await line.write();
      expect(shown(await line.elsewhere().read())).toEqual(readAs(line.record.built));
    }
    expect((await stage.admin.gitlabFileHistory(gitlabProject, file)).gaps).toEqual([]);
    const files = await stage.admin.gitlabFiles(gitlabProject);
    expect(files.map(({ name }) => name).sort()).toEqual([file, `${file}.2`, `${file}.3`]);
  });

  test('is not written where it is there already', async () => {
    const stage = await gitlabStage();
    const line = trackedLine(stage, inGitlab(stage), versions(3));
    await line.write();
    const before = await effects(stage);
    await line.elsewhere().write();
    expect(await effects(stage)).toBe(before);
  });

  test('is put right where its plain copy was left behind', async () => {
    const stage = await gitlabStage();
    const line = trackedLine(stage, inGitlab(stage), versions(3));
    await line.write();
    await stage.admin.placeGitlabFile({ project: gitlabProject, name: file, content: '16.0.0\n' });
    await line.write();
    const files = await stage.admin.gitlabFiles(gitlabProject);
    const [plain] = files.filter(({ name }) => name === file);
    expect(JSON.parse(plain?.content ?? '')).toMatchObject({ format: 'nightshift-images/1' });
  });

  test('takes over the list of the pipeline that it replaces, and goes on with it for its readers', async () => {
    const stage = await gitlabStage({ secureFiles: [{ name: file, content: '16.9.0\n16.8.0\n' }] });
    const line = trackedLine(stage, inGitlab(stage, 'versions'));
    expect((await line.read()).map(({ id }) => id)).toEqual(
      ['16.9.0', '16.8.0'].flatMap((each) => [`al2023/x86_64/${each}`, `ubuntu/x86_64/${each}`]),
    );
    Object.assign(line.record.built, versions(2, 8), versions(1, 10));
    await line.write();
    const [plain] = (await stage.admin.gitlabFiles(gitlabProject)).filter(
      ({ name }) => name === file,
    );
    expect(plain?.content).toBe('16.8.0\n16.9.0\n16.10.0\n');
  });

  test('has all of it once GitLab is back', async () => {
    const stage = await gitlabStage();
    const line = trackedLine(stage, inGitlab(stage), versions(2));
    await stage.admin.setFaults([
      { kind: 'loseResponse', service: 'gitlab', when: 'before', share: 1 },
    ]);
    expect(await failureOf(line.write())).toMatchObject({
      type: 'GitLabUnavailable',
      nonRetryable: false,
    });
    await stage.admin.setFaults([{ kind: 'loseResponse', service: 'gitlab', share: 0.3 }]);
    await line.write();
    expect(shown(await line.read())).toEqual(readAs(line.record.built));
  });

  test('that a reader polls all the while is always whole', async () => {
    const stage = await gitlabStage();
    const line = trackedLine(stage, inGitlab(stage), versions(1));
    await line.write();
    let isOver = false;
    const wanted = new Set([JSON.stringify(readAs(line.record.built))]);
    const reading = (async () => {
      const reader = line.elsewhere();
      let reads = 0;
      for (; !isOver; reads += 1)
        expect(wanted).toContain(JSON.stringify(shown(await reader.read())));
      return reads;
    })();
    for (let count = 2; count < 12; count += 1) {
      line.record.built = versions(count);
      wanted.add(JSON.stringify(readAs(line.record.built)));
      await line.write();
    }
    isOver = true;
    expect(await reading).toBeGreaterThan(0);
    expect((await stage.admin.gitlabFileHistory(gitlabProject, file)).gaps).toEqual([]);
  });

  test('that is not there is an error to who reads it', async () => {
    const stage = await gitlabStage();
    const line = trackedLine(stage, inGitlab(stage));
    expect(await failureOf(line.read())).toMatchObject({
      type: 'NotFound',
      message: `there is no secure file ${file} of ${gitlabProject} at ${stage.sandbox.url}`,
    });
  });

  test('that is something else is left as it is', async () => {
    const content = 'hunter2';
    const stage = await gitlabStage({ secureFiles: [{ name: file, content }] });
    const line = trackedLine(stage, inGitlab(stage), versions(1));
    const failure = await failureOf(line.write());
    expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(content);
    expect(await stage.admin.gitlabFiles(gitlabProject)).toMatchObject([{ name: file, content }]);
  });

  test('whose token may only read is refused, and the token is in no error', async () => {
    const stage = await gitlabStage({}, {}, { token: 'another', readToken: token });
    const line = trackedLine(stage, inGitlab(stage), versions(1));
    const failure = await failureOf(line.write());
    expect(failure).toMatchObject({
      type: 'GitLabRefused',
      nonRetryable: true,
      details: [{ hint: expect.stringContaining('Maintainer for secure files') as string }],
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(token);
  });
});
