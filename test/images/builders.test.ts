import { expect, test } from 'vitest';
import { imageTags } from '../../src/domain/images/tags.js';
import { type Scenario, account, baseImage, region, setStage, until } from './stage.js';

const token = 'glpat-secret-of-the-tests';
type Gitlab = NonNullable<NonNullable<Scenario['fleet']>['gitlab']>;
type Pipelines = NonNullable<Gitlab['projects']>[number]['pipelines'];

const oneOs = [{ name: 'al2023', baseImage }];

/** GitLab is where the sandbox is: the config names it by a host that is known later only. */
function gitlabScenario(pipelines: Pipelines): Scenario {
  return {
    versions: ['16.11.0-1'],
    fleet: {
      parameters: [{ name: '/nightshift/gitlab', value: token, type: 'SecureString' }],
      gitlab: { token, projects: [{ id: 7, path: 'platform/images', pipelines }] },
    },
    line: (url: string) => ({
      baseOs: oneOs,
      builder: {
        gitlab: { url, project: 'platform/images', token: { ssm: '/nightshift/gitlab' } },
      },
      attempts: { most: 2, delay: '50ms' },
    }),
  };
}

const image = { account: account.id, region, name: 'runner-$NIGHTSHIFT_VERSION' };

test('a GitLab pipeline builds an image: triggered once, followed, its manifest read, tagged here', async () => {
  const stage = await setStage(gitlabScenario([{ jobs: [{ name: 'packer', image }] }]));
  const { built, failed } = await stage.check();
  expect(failed).toEqual([]);
  const [pipeline, ...others] = await stage.admin.gitlabPipelines();
  expect(others).toEqual([]);
  expect(pipeline?.variables).toMatchObject({
    NIGHTSHIFT_VERSION: '16.11.0-1',
    NIGHTSHIFT_BASE_IMAGE: baseImage,
  });
  const images = await stage.admin.images();
  expect(images.find(({ id }) => id === built[0]?.imageId)?.tags).toMatchObject({
    [imageTags.os]: 'al2023',
    [imageTags.state]: 'ready',
  });
});

test('a pipeline that fails is tried again, then held with what its job said', async () => {
  const stage = await setStage(gitlabScenario([{ jobs: [{ name: 'packer', fail: {} }] }]));
  const { failed } = await stage.check();
  expect(failed).toMatchObject([
    {
      reason: expect.stringContaining('packer') as string,
      link: expect.stringContaining('http') as string,
    },
  ]);
  expect(await stage.admin.gitlabPipelines()).toHaveLength(2);
});

test('a line that is cancelled cancels its pipeline', async () => {
  const stage = await setStage(gitlabScenario([{ jobs: [{ name: 'packer', seconds: 100_000 }] }]));
  await stage.line.check();
  await until(async () => (await stage.admin.gitlabPipelines()).length > 0 || undefined);
  const handle = stage.temporal.workflow.getHandle(stage.line.workflowId);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  const [pipeline] = await stage.admin.gitlabPipelines();
  expect(pipeline?.status).toBe('canceled');
});

test('an Image Builder pipeline builds an image, told by its parameter, one at a time', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1', '16.10.0-1'],
    line: {
      baseOs: oneOs,
      builder: {
        imageBuilder: { pipeline: 'runner-{os}', parameter: '/nightshift/build/{os}' },
      },
    },
    fleet: {
      imagePipelines: [{ account: account.name, region, name: 'runner-al2023', seconds: 30 }],
    },
  });
  const { built, failed } = await stage.check();
  expect(failed).toEqual([]);
  expect(built).toHaveLength(2);
  const executions = await stage.admin.ledger({ action: 'StartImagePipelineExecution' });
  expect(executions.filter(({ effective }) => effective)).toHaveLength(2);
  const images = (await stage.admin.images()).filter(({ tags }) => tags[imageTags.key]);
  expect(images.map(({ tags }) => tags[imageTags.state])).toEqual(['ready', 'ready']);
});
