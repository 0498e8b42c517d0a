import { afterEach, describe, expect, test } from 'vitest';
import { Here, type ProjectInput, project } from './support/here.js';

let here: Here;
afterEach(() => here.close());

type Pipelines = NonNullable<ProjectInput['pipelines']>;
const start = (...pipelines: Pipelines) =>
  Here.start({ pipelines }, { triggerToken: 'trigger-token' });

const mark = (value: string) => ({ name: 'NIGHTSHIFT_KEY', value });
const asked = (value = 'k-1', more = {}) => ({
  ref: 'main',
  mark: mark(value),
  since: new Date(here.sandbox.clock.now()),
  ...more,
});
const job = { name: 'packer', stage: 'build', seconds: 60 };

describe('creating a pipeline', () => {
  test('hands its variables on, and does it once however often it is asked', async () => {
    here = await start({ jobs: [job] });
    const gitlab = here.client();
    const first = await gitlab.createPipeline(
      project,
      asked('k-1', { variables: { OS: 'al2023' } }),
    );
    expect(first).toMatchObject({
      created: true,
      pipeline: { id: 1, status: 'pending', ref: 'main' },
    });
    expect(await gitlab.createPipeline(project, asked())).toMatchObject({
      created: false,
      pipeline: { id: 1 },
    });
    await gitlab.createPipeline(project, asked('k-2'));
    const pipelines = await here.admin.gitlabPipelines();
    expect(pipelines.map(({ variables }) => variables)).toEqual([
      { OS: 'al2023', NIGHTSHIFT_KEY: 'k-1' },
      { NIGHTSHIFT_KEY: 'k-2' },
    ]);
  });

  test('starts one even when the answer is lost, with an access token or a trigger’s', async () => {
    here = await start({ jobs: [job] });
    for (const triggerToken of [undefined, 'trigger-token']) {
      const actions = ['CreatePipeline', 'TriggerPipeline'];
      here.sandbox.faults.set([
        { kind: 'loseResponse', service: 'gitlab', actions, share: 1, when: 'after' },
      ]);
      const value = triggerToken ?? 'none';
      const { created } = await here
        .client()
        .createPipeline(project, asked(value, { triggerToken }));
      expect(created).toBe(false);
    }
    expect((await here.admin.gitlabPipelines()).map(({ source }) => source)).toEqual([
      'api',
      'trigger',
    ]);
  });

  test('asks again when the call never came there', async () => {
    here = await start({ jobs: [job] });
    let calls = 0;
    const flaky: typeof fetch = (input, init) =>
      init?.method === 'POST' && calls++ < 2
        ? Promise.reject(new TypeError('fetch failed'))
        : fetch(input, init);
    const { created } = await here.client({ fetch: flaky }).createPipeline(project, asked());
    expect(created).toBe(true);
    expect(await here.admin.gitlabPipelines()).toHaveLength(1);
  });

  test.each([400, 429] as const)(
    'waits when there are too many in a minute (%s)',
    async (creationRefusal) => {
      here = await Here.start(
        { pipelines: [{ jobs: [job] }] },
        { creationsPerMinute: 2, creationRefusal },
      );
      const gitlab = here.client();
      for (const value of ['a', 'b', 'c', 'd', 'e'])
        await gitlab.createPipeline(project, asked(value));
      expect(await here.admin.gitlabPipelines()).toHaveLength(5);
    },
  );

  test('finds its own among many, on whichever page, and not a child’s', async () => {
    here = await start({
      jobs: [],
      children: [{ name: 'child', pipeline: { jobs: [{ name: 'packer', seconds: 1 }] } }],
    });
    const gitlab = here.client();
    const since = new Date(here.sandbox.clock.now());
    const found = (value: string, most?: number) =>
      gitlab.findPipeline(project, 'main', mark(value), { since, ...(most ? { most } : {}) });
    await gitlab.createPipeline(project, asked('wanted'));
    here.sandbox.clock.skip(60);
    for (let n = 0; n < 4; n++) await gitlab.createPipeline(project, asked(`other-${n}`));
    expect(await found('wanted')).toMatchObject({ id: 1, source: 'api' });
    expect(await found('want')).toBeUndefined();
    await expect(found('want', 3)).rejects.toMatchObject({ code: 'tooMany', retryable: false });
  });

  test('is refused for good where nothing would run', async () => {
    here = await start();
    await expect(here.client().createPipeline(project, asked())).rejects.toMatchObject({
      code: 'refused',
      status: 400,
      retryable: false,
    });
    expect(here.calls('CreatePipeline')).toBe(1);
  });
});

describe('following a pipeline', () => {
  const run = async (...pipelines: Pipelines) => {
    here = await start(...pipelines);
    const { pipeline } = await here.client().createPipeline(project, asked());
    return pipeline.id;
  };

  test('to its success, with its jobs', async () => {
    const id = await run({ jobs: [job] });
    const seen: string[] = [];
    const outcome = await here.client().follow(project, id, {
      onLook: ({ pipeline }) => void seen.push(pipeline.status),
    });
    expect(outcome).toMatchObject({ kind: 'success', tree: { jobs: [{ name: 'packer' }] } });
    expect(new Set(seen)).toEqual(new Set(['pending', 'running', 'success']));
  });

  test('to its failure, with the job that failed it', async () => {
    const id = await run({
      jobs: [
        { ...job, fail: {} },
        { name: 'lint', allowFailure: true, fail: {} },
      ],
    });
    expect(await here.client().follow(project, id)).toMatchObject({
      kind: 'failed',
      reason: 'pipeline 1 has failed: packer (script_failure) failed',
      jobs: [{ name: 'packer', pipelineId: 1, projectId: 7 }],
    });
  });

  test('waits for children that their parent doesn’t wait for, and fails with them', async () => {
    const child = { jobs: [{ ...job, seconds: 600, fail: {} }] };
    const id = await run({ children: [{ name: 'images', depend: false, pipeline: child }] });
    const outcome = await here.client().follow(project, id);
    expect(outcome).toMatchObject({ kind: 'failed', jobs: [{ name: 'packer', pipelineId: 2 }] });
    expect(outcome.tree.pipeline.status).toBe('success');
  });

  test('a child that may fail fails nothing', async () => {
    const child = { jobs: [{ ...job, fail: {} }] };
    const id = await run({ children: [{ name: 'images', allowFailure: true, pipeline: child }] });
    expect(await here.client().follow(project, id)).toMatchObject({ kind: 'success' });
  });

  test('a manual job blocks it, is waited for, or is played, as the rule says', async () => {
    const id = await run({
      children: [{ name: 'images', pipeline: { jobs: [{ ...job, manual: true }] } }],
    });
    const gitlab = here.client();
    expect(await gitlab.follow(project, id)).toMatchObject({
      kind: 'blocked',
      jobs: [{ name: 'packer', status: 'manual' }],
    });
    const abort = new AbortController();
    let looks = 0;
    const onLook = () => {
      if (++looks === 20) abort.abort(new Error('seen enough'));
    };
    await expect(
      gitlab.follow(project, id, { manual: 'wait', onLook }, abort.signal),
    ).rejects.toThrow('seen enough');
    expect(await gitlab.follow(project, id, { manual: 'play' })).toMatchObject({ kind: 'success' });
  });

  test('cancelled, it is told as canceled with its children', async () => {
    const id = await run({ children: [{ name: 'images', pipeline: { jobs: [job] } }] });
    const gitlab = here.client();
    here.sandbox.clock.skip(5);
    await gitlab.cancelPipeline(project, id);
    expect(await gitlab.follow(project, id)).toMatchObject({ kind: 'canceled' });
    expect((await here.admin.gitlabPipelines()).map(({ status }) => status)).toEqual([
      'canceled',
      'canceled',
    ]);
  });
});

describe('a job’s log and artifacts', () => {
  test.each([false, true])(
    'is read part by part to its end, ranges answered: %s',
    async (traceRanges) => {
      const spec = {
        ...job,
        logLines: 50,
        artifacts: { 'out/manifest.json': '{"key":"$NIGHTSHIFT_KEY"}' },
      };
      here = await Here.start({ pipelines: [{ jobs: [spec] }] }, { traceRanges });
      const gitlab = here.client();
      const { pipeline } = await gitlab.createPipeline(project, asked());
      let log = '';
      for (let from = 0, isOver = false; !isOver;) {
        here.sandbox.clock.skip(7);
        isOver = (await gitlab.getJob(project, 1)).status === 'success';
        for (let atEnd = false; !atEnd;) {
          const part = await gitlab.readJobLog(project, 1, { from, most: 100 });
          log += Buffer.from(part.bytes).toString();
          ({ atEnd, next: from } = part);
        }
      }
      const whole = await fetch(`${here.sandbox.url}/api/v4/projects/7/jobs/1/trace`, {
        headers: { 'PRIVATE-TOKEN': 'gitlab-token' },
      });
      expect(log).toBe(await whole.text());
      expect(log.split('\n')).toHaveLength(53);
      const artifact = await gitlab.readArtifact(project, 1, 'out/manifest.json');
      expect(Buffer.from(artifact ?? []).toString()).toBe('{"key":"k-1"}');
      expect(await gitlab.readArtifact(project, 1, 'none.json')).toBeUndefined();
      await expect(gitlab.readArtifact(project, 1, 'out/manifest.json', 3)).rejects.toMatchObject({
        code: 'tooMany',
      });
      expect(pipeline.id).toBe(1);
    },
  );
});
