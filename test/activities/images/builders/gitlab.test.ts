import { describe, expect, test } from 'vitest';
import type { GitlabBuilder } from '../../../../src/domain/images/spec.js';
import type { Stage } from '../ec2/support.js';
import {
  type RunOptions,
  account,
  builderWorker,
  failureOf,
  gitlabBuilder,
  gitlabProject,
  gitlabStage,
  home,
  living,
  token,
  tokenName,
  until,
} from './support.js';

const variables = { NIGHTSHIFT_VERSION: '16.11.0-1', NIGHTSHIFT_KEY: 'runner/dev/k' };
const image = { account, region: home, name: 'runner-$NIGHTSHIFT_VERSION' };

function order(builder: GitlabBuilder, more: object = {}) {
  const since = new Date(Date.now() - 1_000).toISOString();
  return { builder, variables, mark: 'mark-1', since, ...more };
}

/** Starts a pipeline and follows it to its end. */
async function build(stage: Stage, more: Partial<GitlabBuilder> = {}) {
  const { activities, run } = builderWorker();
  const builder = gitlabBuilder(stage, more);
  const { pace } = stage.place;
  const { id } = await run(activities.startPipeline, { ...order(builder), pace });
  const outcome = await run(activities.followPipeline, { builder, id, pace });
  return { id, outcome };
}

const created = async ({ admin }: Stage) =>
  (await admin.ledger({ action: 'CreatePipeline' })).filter(({ effective }) => effective).length;

describe('a pipeline', () => {
  test('is started with the builder’s variables, those of the image over them, and its mark', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    const { activities, run } = builderWorker();
    const builder = gitlabBuilder(stage, {
      variables: { TEAM: 'platform', NIGHTSHIFT_KEY: 'another' },
    });
    const started = await run(activities.startPipeline, order(builder));
    const [pipeline] = await stage.admin.gitlabPipelines();
    expect(pipeline).toMatchObject({
      id: started.id,
      ref: 'main',
      variables: { TEAM: 'platform', ...variables, NIGHTSHIFT_MARK: 'mark-1' },
    });
    expect(started.url).toContain(`/${gitlabProject}/-/pipelines/${started.id}`);
  });

  test('is created once although the answer was lost', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    await stage.admin.setFaults([
      { kind: 'loseResponse', service: 'gitlab', actions: ['CreatePipeline'], share: 1 },
    ]);
    const { activities, run } = builderWorker();
    const { id } = await run(activities.startPipeline, order(gitlabBuilder(stage)));
    expect(await created(stage)).toBe(1);
    expect((await stage.admin.gitlabPipelines()).map((each) => each.id)).toEqual([id]);
  });

  test('is found by its own variable by a worker that starts it again', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    const start = () => {
      const { activities, run } = builderWorker();
      return run(activities.startPipeline, order(gitlabBuilder(stage)));
    };
    const first = await start();
    expect(await start()).toEqual(first);
    const { activities, run } = builderWorker();
    const other = order(gitlabBuilder(stage), { mark: 'mark-2' });
    expect((await run(activities.startPipeline, other)).id).not.toBe(first.id);
    expect(await created(stage)).toBe(2);
  });

  describe('that is being created', () => {
    async function creating(options: RunOptions) {
      const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', seconds: 1e6 }] }] });
      await stage.admin.setFaults([
        { kind: 'loseResponse', service: 'gitlab', actions: ['CreatePipeline'], share: 1 },
      ]);
      const { activities, run } = builderWorker();
      const started = run(activities.startPipeline, order(gitlabBuilder(stage)), options);
      await until(async () => ((await created(stage)) > 0 ? true : undefined));
      const statuses = async () =>
        (await stage.admin.gitlabPipelines()).map(({ status }) => status);
      return { started, statuses };
    }

    test('is cancelled when it is called off', async () => {
      const cancel = new AbortController();
      const { started, statuses } = await creating({ cancel: cancel.signal });
      cancel.abort();
      expect(await failureOf(started)).toMatchObject({ name: 'CancelledFailure' });
      expect(await statuses()).toEqual(['canceled']);
    });

    test('goes on when only the attempt is given up: it is another worker’s by then', async () => {
      const giveUp = new AbortController();
      const { started, statuses } = await creating({ giveUp: giveUp.signal });
      giveUp.abort();
      await started;
      expect(await statuses()).toEqual(['running']);
    });
  });

  test('that a worker which stops has begun is the next one’s', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    const { activities, run, stop } = builderWorker();
    const builder = gitlabBuilder(stage);
    const { id } = await run(activities.startPipeline, order(builder));
    stop();
    const { pace } = stage.place;
    const followed = run(activities.followPipeline, { builder, id, pace });
    expect(await failureOf(followed)).toMatchObject({ type: 'WorkerStops', nonRetryable: false });
    const next = builderWorker();
    const outcome = await next.run(next.activities.followPipeline, { builder, id, pace });
    expect(outcome).toHaveProperty('images');
  });
});

describe('what a pipeline has made', () => {
  const artifact = (path: string, imageId: string) => ({
    [path]: JSON.stringify({
      builds: [{ artifact_id: `${home}:${imageId}`, packer_run_uuid: 'r' }],
      last_run_uuid: 'r',
    }),
  });

  test('is read from the manifest in a job’s artifacts', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    const { outcome } = await build(stage);
    const [there] = (await living(stage)).filter(({ name }) => name === 'runner-16.11.0-1');
    expect(outcome).toMatchObject({ images: { [home]: there?.id } });
    expect(outcome.link).toMatch(/\/-\/pipelines\/\d+$/);
  });

  test('is read from the artifacts of a child pipeline’s job, under the name that is configured', async () => {
    const artifacts = artifact('out/packer.json', 'ami-0aaaaaaaaaaaaaaa1');
    const stage = await gitlabStage({
      pipelines: [
        {
          jobs: [{ name: 'lint' }],
          children: [{ name: 'child', pipeline: { jobs: [{ name: 'build', artifacts }] } }],
        },
      ],
    });
    const { outcome } = await build(stage, { manifest: 'out/packer.json' });
    expect(outcome).toMatchObject({ images: { [home]: 'ami-0aaaaaaaaaaaaaaa1' } });
  });

  test('is read from the last such line in a log where no job has the file', async () => {
    const line = (id: string) => `NIGHTSHIFT_MANIFEST ${artifact('a', id)['a'] ?? ''}`;
    const log = [line('ami-0aaaaaaaaaaaaaaa1'), 'again', line('ami-0aaaaaaaaaaaaaaa2')];
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', log }] }] });
    const { outcome } = await build(stage);
    expect(outcome).toMatchObject({ images: { [home]: 'ami-0aaaaaaaaaaaaaaa2' } });
  });

  test('is one image a region: two are refused by name', async () => {
    const stage = await gitlabStage({
      pipelines: [
        {
          jobs: [
            { name: 'one', artifacts: artifact('manifest.json', 'ami-0aaaaaaaaaaaaaaa1') },
            { name: 'two', artifacts: artifact('manifest.json', 'ami-0aaaaaaaaaaaaaaa2') },
          ],
        },
      ],
    });
    const { outcome } = await build(stage);
    expect(outcome).toMatchObject({
      failed: expect.stringMatching(
        /two images in ap-southeast-2: ami-0aaaaaaaaaaaaaaa[12] and ami-0aaaaaaaaaaaaaaa[12]$/,
      ) as string,
    });
  });

  test('is missing where nothing tells of it, and then it says what to print', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build' }] }] });
    const { id, outcome } = await build(stage);
    expect(outcome).toMatchObject({
      failed: `pipeline ${id} has succeeded, but no job of it has manifest.json in its artifacts, nor a line NIGHTSHIFT_MANIFEST {…} in its log`,
    });
  });

  test('is of no use where the manifest is broken, and then it says of which job', async () => {
    const artifacts = { 'manifest.json': '{"builds":' };
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', artifacts }] }] });
    const { outcome } = await build(stage);
    expect(outcome).toMatchObject({
      failed: expect.stringMatching(/of job build the manifest is not JSON/) as string,
    });
  });
});

describe('a pipeline that comes to nothing', () => {
  test('is told with the job that failed, its reason and its link', async () => {
    const stage = await gitlabStage({
      pipelines: [{ jobs: [{ name: 'packer', image, fail: { reason: 'runner_system_failure' } }] }],
    });
    const { id, outcome } = await build(stage);
    expect(outcome).toMatchObject({
      failed: expect.stringMatching(
        new RegExp(
          `^pipeline ${id} has failed: packer \\(runner_system_failure\\) failed; packer: http.+/-/jobs/\\d+$`,
        ),
      ) as string,
      link: expect.stringMatching(/\/-\/jobs\/\d+$/) as string,
    });
  });

  test('is one that a person has cancelled', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', seconds: 1e6 }] }] });
    const { activities, run } = builderWorker();
    const builder = gitlabBuilder(stage);
    const { id } = await run(activities.startPipeline, order(builder));
    const { pace } = stage.place;
    const followed = run(activities.followPipeline, { builder, id, pace });
    await run(activities.stopPipeline, { builder, id });
    expect(await followed).toMatchObject({ failed: `pipeline ${id} is canceled` });
  });

  test('is one that waits for a person; it is cancelled, so that nobody plays it later', async () => {
    const jobs = [{ name: 'approve', manual: true }];
    const stage = await gitlabStage({ pipelines: [{ jobs }] });
    const { outcome } = await build(stage);
    expect(outcome).toMatchObject({
      failed: 'it waits for approve to be played; approve: ' + jobUrl(outcome),
    });
    const [pipeline] = await stage.admin.gitlabPipelines();
    expect(pipeline?.status).toBe('canceled');
  });

  test('is one that takes too long, also where people are waited for', async () => {
    const jobs = [{ name: 'approve', manual: true }];
    const stage = await gitlabStage({ pipelines: [{ jobs }] });
    const { id, outcome } = await build(stage, { manual: 'wait', timeout: '1s' });
    expect(outcome).toMatchObject({
      failed: `pipeline ${id} took longer than 1s, and was cancelled`,
      link: expect.stringContaining(`/-/pipelines/${id}`) as string,
    });
    const [pipeline] = await stage.admin.gitlabPipelines();
    expect(pipeline?.status).toBe('canceled');
  });

  test('was a success if it was over by the time that somebody looked', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    const { activities, run } = builderWorker();
    const builder = gitlabBuilder(stage);
    const { id } = await run(activities.startPipeline, order(builder));
    await stage.admin.skip(600);
    const one = { builder, id, pace: stage.place.pace };
    const outcome = await run(activities.followPipeline, one, { scheduledTimestampMs: 0 });
    expect(outcome).toHaveProperty('images');
  });
});

function jobUrl(outcome: object): string {
  return 'link' in outcome ? String(outcome.link) : '';
}

describe('stopping a pipeline', () => {
  test('can be done again, and of one that is over or gone', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', seconds: 1e6 }] }] });
    const { activities, run } = builderWorker();
    const builder = gitlabBuilder(stage);
    const { id } = await run(activities.startPipeline, order(builder));
    for (let times = 0; times < 2; times += 1) await run(activities.stopPipeline, { builder, id });
    await run(activities.stopPipeline, { builder, id: id + 1 });
    const [pipeline] = await stage.admin.gitlabPipelines();
    expect(pipeline?.status).toBe('canceled');
  });
});

/** Puts the right token into the parameter, wherever there is one. */
function renewToken({ sandbox }: Stage): void {
  for (const region of sandbox.directory.fleet.regions) {
    const parameters = sandbox.services.ssm.target(account, region);
    const known = parameters.get(tokenName.ssm);
    if (known) parameters.set(tokenName.ssm, { ...known, value: token });
  }
}

describe('the access token', () => {
  test('that GitLab does not know is in no error, and the error says where to look', async () => {
    const stage = await gitlabStage({}, {}, { token: 'another' });
    const { activities, run } = builderWorker();
    const failure = await failureOf(run(activities.startPipeline, order(gitlabBuilder(stage))));
    expect(failure).toMatchObject({
      type: 'GitLabRefused',
      nonRetryable: true,
      details: [{ hint: expect.stringContaining('token') as string }],
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(token);
  });

  test('that was replaced meanwhile is read again', async () => {
    const stage = await gitlabStage(
      { pipelines: [{ jobs: [{ name: 'build', image }] }] },
      {
        fleet: {
          parameters: [{ account, name: tokenName.ssm, value: 'old', type: 'SecureString' }],
        },
      },
    );
    const { activities, run } = builderWorker();
    const builder = gitlabBuilder(stage);
    const { pace } = stage.place;
    const refused = run(activities.stopPipeline, { builder, id: 1, pace });
    expect(await failureOf(refused)).toMatchObject({ type: 'GitLabRefused' });
    renewToken(stage);
    expect(await run(activities.startPipeline, { ...order(builder), pace })).toHaveProperty('id');
  });

  test('whose parameter is not there is asked for by its name', async () => {
    const stage = await gitlabStage({}, { fleet: { parameters: [] } });
    const { activities, run } = builderWorker();
    expect(
      await failureOf(run(activities.startPipeline, order(gitlabBuilder(stage)))),
    ).toMatchObject({
      type: 'InvalidInput',
      message: `there is no SSM parameter ${tokenName.ssm} in the management account`,
    });
  });

  test('is in nothing that the activities return', async () => {
    const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build', image }] }] });
    expect(JSON.stringify(await build(stage))).not.toContain(token);
  });
});

test('a GitLab that is away is a failure that is tried again', async () => {
  const stage = await gitlabStage({ pipelines: [{ jobs: [{ name: 'build' }] }] });
  await stage.admin.setFaults([
    { kind: 'loseResponse', service: 'gitlab', when: 'before', share: 1 },
  ]);
  const { activities, run } = builderWorker();
  const { pace } = stage.place;
  const start = run(activities.startPipeline, { ...order(gitlabBuilder(stage)), pace });
  expect(await failureOf(start)).toMatchObject({ type: 'GitLabUnavailable', nonRetryable: false });
});
