// Histories of the workflows of builds, and of Buildkite's jobs.
import { configSchema } from '../../dist/src/domain/config/index.js';
import { fast, onStage, save, until } from './recording.mjs';

const region = 'us-east-1';
const account = { id: '111111111111', name: 'dev-1' };
const place = { account: account.name, region };
const fleet = { regions: [region], accounts: [account] };
const tokenName = '/dev/1/buildkite-agent-key';
const long = { phases: { BUILD: 600 } };

/** Workflow type → name → the build that is asked for, and what is done meanwhile. */
const builds = {
  run: {},
  command: { behaviour: { fail: { phase: 'BUILD', kind: 'command', exitStatus: 3 } } },
  'started-anew': { behaviour: { fail: { kind: 'fault', phase: 'BUILD', times: 1 } } },
  'retried-by-codebuild': {
    behaviour: { fail: { kind: 'command', phase: 'BUILD', exitStatus: 1, times: 1 } },
    autoRetryLimit: 1,
  },
  stopped: {
    behaviour: long,
    meanwhile: async (build) => {
      await build.started();
      await build.stop('changed our minds');
    },
  },
};

const jobs = {
  run: { command: 'echo hello' },
  failed: { command: 'exit 7' },
  'wrong-override': { command: 'true', env: { CB_COMPUTE_TYPE_OVERRIDE: 'HUGE' } },
  cancelled: {
    command: 'sleep 600',
    meanwhile: async (admin, uuid) => {
      await until(async () => (await admin.buildkiteJob(uuid)).state === 'running');
      await until(async () => (await admin.builds({ status: 'IN_PROGRESS' })).length > 0);
      await admin.cancelBuildkiteJob(uuid);
    },
  },
};

/** @param {import('../../dist/src/temporal/index.js').EmbeddedServer} server */
export async function recordBuilds(server) {
  for (const [name, scenario] of Object.entries(builds)) await recordBuild(server, name, scenario);
  await recordLooks(server);
  for (const [name, scenario] of Object.entries(jobs)) await recordJob(server, name, scenario);
  for (const intake of ['agent', 'stacks']) await recordQueue(server, intake);
}

function withProject(project) {
  return { ...fleet, projects: [{ ...place, name: 'web', ...project }] };
}

async function recordBuild(server, name, { meanwhile, ...project }) {
  const options = { server, name: `build-${name}`, fleet: withProject(project) };
  await onStage(options, async ({ nightshift, client, idle }) => {
    const setup = { config: configOf() };
    const retry = { attempts: 2, delay: '50ms' };
    const request = { ...place, project: 'web', retry, setup };
    const build = await nightshift.builds.run(request, { workflowId: `build-${name}` });
    await meanwhile?.(build);
    await build.result();
    await idle();
    await save(client, `codebuildBuild-${name}`, build.workflowId);
  });
}

/** What a client has a worker look at, and the sweep. */
async function recordLooks(server) {
  const options = { server, name: 'looks', fleet: withProject({ behaviour: long }) };
  await onStage(options, async ({ nightshift, client, idle, sandbox }) => {
    const setup = { config: configOf({ presets: { web: { ...place, project: 'web' } } }) };
    const run = await nightshift.builds.run(
      { preset: 'web', setup },
      { workflowId: 'build-looked-at' },
    );
    const { arn } = await run.started();
    // A minute of it, so that there is a log.
    sandbox.clock.skip(60);
    const build = await nightshift.builds.get(arn, { setup });
    for await (const page of build.logs({ follow: false })) if (page.events.length > 0) break;
    // From here on nobody follows it.
    await client.workflow.getHandle('build-looked-at').terminate();
    await nightshift.buildkite.sweep(setup);
    const orphan = await nightshift.builds.get(arn, { setup });
    await orphan.stop();
    await idle();
    const types = ['describeBuild', 'buildLog', 'stopBuild', 'sweepBuilds'];
    for (const type of types) {
      const query = `WorkflowType = '${type}' AND TaskQueue = 'histories-looks'`;
      const { workflowId, runId } = await until(async () => {
        for await (const found of client.workflow.list({ query })) return found;
        return undefined;
      });
      await save(client, `${type}-run`, workflowId, runId);
    }
  });
}

function withBuildkite(waiting) {
  return {
    ...fleet,
    projects: [
      {
        ...place,
        name: 'buildkite-jobs',
        execute: true,
        buildspec:
          'version: 0.2\nphases:\n  build:\n    commands:\n      - sh -c "$BUILDKITE_COMMAND"\n',
      },
    ],
    parameters: [{ name: tokenName, value: 'token-of-the-cluster', type: 'SecureString' }],
    buildkite: { token: 'token-of-the-cluster', jobs: waiting },
  };
}

function buildkiteSetup(sandbox, intake) {
  const queue = { queue: 'default', ...place, project: 'buildkite-jobs', concurrency: 1 };
  const buildkite = { endpoint: `${sandbox.url}/v3`, token: { ssm: tokenName }, intake };
  return { config: configOf({}, { ...buildkite, queues: [queue] }) };
}

async function recordJob(server, name, { meanwhile, ...job }) {
  const uuid = uuidOf(name);
  const waiting = withBuildkite([{ queue: 'default', uuid, ...job }]);
  const options = { server, name: `job-${name}`, fleet: waiting, host: '::1' };
  await onStage(options, async ({ nightshift, client, admin, sandbox, idle }) => {
    const setup = buildkiteSetup(sandbox, 'agent');
    const run = await nightshift.buildkite.runJob(uuid, { setup });
    await meanwhile?.(admin, uuid);
    await run.result();
    await idle();
    await save(client, `buildkiteJob-${name}`, run.workflowId);
  });
}

/** Two jobs and one slot, other settings in between, and the end of the service. */
async function recordQueue(server, intake) {
  const uuids = ['first', 'second'].map((which) => uuidOf(`${intake}-${which}`));
  const waiting = withBuildkite(
    uuids.map((uuid) => ({ queue: 'default', uuid, command: 'echo hello' })),
  );
  const options = { server, name: `queue-${intake}`, fleet: waiting, host: '::1' };
  await onStage(options, async ({ nightshift, client, admin, sandbox, idle }) => {
    await nightshift.buildkite.serve(buildkiteSetup(sandbox, intake));
    for (const uuid of uuids)
      await until(async () => (await admin.buildkiteJob(uuid)).state === 'finished');
    await nightshift.buildkite.stop('default');
    const handle = client.workflow.getHandle('buildkite-queue/default');
    await handle.result();
    await idle();
    await save(client, `buildkiteQueue-${intake}`, 'buildkite-queue/default');
  });
}

/** The same for each recording: what is in a history is compared by people. */
function uuidOf(name) {
  const hex = Buffer.from(name.padEnd(16, '-')).toString('hex').slice(0, 32);
  return hex.replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/,
    (_all, a, b, c, d, e) => `${a}-${b}-4${c}-8${d}-${e}`,
  );
}

function configOf(builds = {}, buildkite = undefined) {
  return configSchema.parse({
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region],
    pace: { retryDelay: '10ms', codebuild: fast, logs: fast, ssm: fast },
    builds: { pollInterval: '50ms', logDrain: '100ms', logWait: '100ms', ...builds },
    ...(buildkite ? { buildkite } : {}),
  });
}
