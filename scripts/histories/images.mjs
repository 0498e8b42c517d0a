// Histories of the workflows of machine images.
import { imageWorkflowId } from '../../dist/src/domain/images/cell.js';
import { configSchema } from '../../dist/src/domain/config/index.js';
import { fast, onStage, save, until } from './recording.mjs';
import { startImpatientServer } from './impatient-server.mjs';

const region = 'us-east-1';
const far = 'eu-west-1';
const account = { id: '111111111111', name: 'dev-1' };
const place = { account: account.name, region };
const base = 'ami-0123456789abcdef0';
const product = 'gitlab-runner';
const gitlabToken = '/nightshift/gitlab';
const newest = { os: 'al2023', arch: 'x86_64', evr: '16.11.0-1' };
const long = { phases: { BUILD: 100_000 } };

/** A tool that was there before has built the older version; the first check is held to one image. */
const approved = {
  versions: ['16.9.0-1', '16.10.0-1', '16.11.0-1'],
  images: [{ ...place, name: 'old', tags: { Version: '16.9.0', Os: 'al2023' } }],
  line: {
    firstRunLimit: 1,
    existing: { version: 'Version', os: 'Os' },
    copyTo: [far],
    shareWith: ['222222222222'],
    deprecateAfter: '30d',
    tracker: { ssm: '/nightshift/images/runner' },
  },
  play: async ({ check }) => {
    await check({ dryRun: true });
    await check();
    await check({ approve: true });
    await check();
  },
};

const gitlabImage = { account: account.id, region, name: 'runner-$NIGHTSHIFT_VERSION' };

/** Name of the line → what is there, what is done with it, and what is kept of it besides the line itself. */
const scenarios = {
  approved: { ...approved, keep: { imageBuild: 'built' } },
  // Built at last, as a person lets it be tried again.
  held: {
    fail: [{ kind: 'command', times: 2, exitStatus: 2 }],
    line: { attempts: { most: 2, delay: '50ms' } },
    play: async ({ line, check }) => {
      await check();
      await line.release();
      await check();
    },
  },
  'by-hand': {
    line: { tracker: { ssm: '/nightshift/images/runner' }, keep: 1 },
    versions: ['16.11.0-1', '16.10.0-1'],
    play: async ({ line, check, settled }) => {
      await check();
      await settled(await line.build({ versions: ['16.11.0'], rebuild: true }));
      // Written a moment after the image is there.
      await until(() => line.seed({ from: 'tracker' }).catch(() => undefined));
      await line.prune();
    },
  },
  cancelled: {
    behaviour: long,
    play: cancelWhen(async (admin) => (await admin.builds({ status: 'IN_PROGRESS' })).length > 0),
    keep: { imageBuild: 'cancelled' },
  },
  // The answer of the first build is lost: the second try finds its image.
  found: {
    fail: [{ kind: 'command', times: 1, afterImage: true }],
    line: { attempts: { most: 2, delay: '50ms' } },
    keep: { imageBuild: 'found' },
  },
  failed: {
    fail: [{ kind: 'command', exitStatus: 2 }],
    line: { attempts: { most: 1 } },
    keep: { imageBuild: 'failed' },
  },
  rejected: {
    projects: [{ ...place, name: 'smoke', behaviour: { fail: [{ kind: 'command' }] } }],
    line: { attempts: { most: 1 }, smokeTest: { codebuild: { project: 'smoke' } } },
    keep: { imageBuild: 'rejected' },
  },
  gitlab: { ...onGitlab({ image: gitlabImage }), keep: { imageBuild: 'gitlab' } },
  'gitlab-cancelled': {
    ...onGitlab({ seconds: 100_000 }),
    play: cancelWhen(async (admin) =>
      (await admin.gitlabPipelines()).some(({ status }) => status === 'running'),
    ),
    keep: { imageBuild: 'gitlab-cancelled' },
  },
  'image-builder': { ...onImageBuilder(30), keep: { imageBuild: 'image-builder' } },
  'image-builder-cancelled': {
    ...onImageBuilder(100_000),
    play: cancelWhen(async (admin) => (await admin.pipelineImages()).length > 0),
    keep: { imageBuild: 'image-builder-cancelled' },
  },
  // As a schedule has it checked.
  checked: {
    play: async ({ client, taskQueue, line }) => {
      const workflowId = `images-check/${line.name.line}`;
      await client.workflow.execute('imageCheck', { workflowId, taskQueue, args: [line.name] });
    },
    keep: { imageCheck: 'run' },
  },
};

/** Built by a GitLab pipeline of one job. */
function onGitlab(job) {
  const project = {
    id: 7,
    path: 'platform/images',
    pipelines: [{ jobs: [{ name: 'packer', ...job }] }],
  };
  const token = 'token-of-gitlab';
  return {
    fleet: {
      parameters: [{ name: gitlabToken, value: token, type: 'SecureString' }],
      gitlab: { token, projects: [project] },
    },
    builder: (url) => ({
      gitlab: { url, project: project.path, token: { ssm: gitlabToken } },
    }),
  };
}

/** Built by a pipeline of Image Builder that takes so many seconds. */
function onImageBuilder(seconds) {
  return {
    fleet: { imagePipelines: [{ ...place, name: 'runner', seconds }] },
    builder: () => ({ imageBuilder: { pipeline: 'runner', parameter: '/nightshift/build' } }),
  };
}

/** The line is cancelled in the middle of a build. */
function cancelWhen(isBuilding) {
  return async ({ line, admin, handle }) => {
    await line.check();
    await until(() => isBuilding(admin));
    await handle.cancel();
    await handle.result().catch(() => undefined);
  };
}

/** Of these the line itself is kept, too. */
const lines = ['approved', 'held', 'by-hand', 'cancelled'];

/** @param {import('../../dist/src/temporal/index.js').EmbeddedServer} server */
export async function recordImages(server) {
  for (const [name, scenario] of Object.entries(scenarios))
    await withLine(server, name, scenario, async (stage) => {
      await (scenario.play ?? checkOnce)(stage);
      await stage.idle();
      const { client, line } = stage;
      if (lines.includes(name)) await save(client, `imageLine-${name}`, line.workflowId);
      const { imageBuild, imageCheck } = scenario.keep ?? {};
      if (imageBuild) await save(client, `imageBuild-${imageBuild}`, stage.imageBuild);
      if (imageCheck) await save(client, `imageCheck-${imageCheck}`, stage.imageCheck);
    });
  await recordContinued();
}

/** A line that continues as new with an image that failed, and goes on with it. */
async function recordContinued() {
  const server = await startImpatientServer(50);
  try {
    const scenario = {
      fail: [{ kind: 'command', times: 1 }],
      line: { attempts: { most: 2, delay: '2s' } },
    };
    await withLine(server, 'continued', scenario, async ({ line, admin, handle, client, idle }) => {
      const { check } = await line.check();
      const first = await runIdOf(handle);
      await until(async () => (await admin.builds({ status: 'FAILED' })).length > 0);
      // Each look for news makes the history longer, until the line continues as new.
      await until(async () => {
        await line.check({ dryRun: true });
        return (await runIdOf(handle)) !== first;
      });
      const second = await runIdOf(handle);
      await line.settled(check);
      await idle();
      await save(client, 'imageLine-continued', line.workflowId, first);
      await save(client, 'imageLine-carried-on', line.workflowId, second);
    });
  } finally {
    await server.stop();
  }
}

async function runIdOf(handle) {
  return (await handle.describe()).runId;
}

async function checkOnce({ check }) {
  await check();
}

/** Plays with a line of its own name. */
async function withLine(server, name, scenario, play) {
  const own = `images-${name}`;
  const options = { server, name: own, fleet: fleetOf(scenario), host: '::1' };
  await onStage({ ...options, config: (url) => configOf(name, scenario, url) }, async (stage) => {
    const { nightshift, client } = stage;
    const line = nightshift.images.line(name);
    const settled = ({ check }) => line.settled(check);
    await play({
      ...stage,
      ...{ line, settled, taskQueue: `histories-${own}` },
      handle: client.workflow.getHandle(line.workflowId),
      check: async (request) => {
        const started = await line.check(request);
        return request?.dryRun ? started : await settled(started);
      },
      imageBuild: imageWorkflowId(line.name, product, Object.values(newest).join('/')),
      imageCheck: `images-check/${name}`,
    });
  });
}

function fleetOf({ versions = [newest.evr], behaviour, fail, projects = [], images = [], fleet }) {
  return {
    regions: [region, far],
    accounts: [account],
    mirrors: [{ name: 'el9', kind: 'rpm', packages: [{ name: product, versions }] }],
    projects: [
      {
        ...{ ...place, name: 'image-build', image: {} },
        behaviour: { ...behaviour, ...(fail ? { fail } : {}) },
      },
      ...projects,
    ],
    images: [{ ...place, id: base, name: 'al2023', owner: 'amazon' }, ...images],
    ...fleet,
  };
}

function configOf(name, { line, builder }, url) {
  return configSchema.parse({
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    pace: { retryDelay: '10ms', codebuild: fast, logs: fast, ssm: fast, ec2: fast },
    builds: { pollInterval: '50ms', logDrain: '100ms' },
    images: [
      {
        ...{ line: name, product, source: { rpm: `${url}/mirror/el9` }, ...place },
        baseOs: [{ name: newest.os, baseImage: base }],
        builder: builder?.(url) ?? { codebuild: { project: 'image-build' } },
        attempts: { delay: '50ms' },
        ...line,
      },
    ],
  });
}
