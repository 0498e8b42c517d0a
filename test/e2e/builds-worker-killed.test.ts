import { expect, inject, test } from 'vitest';
import type { BuildState } from '../../sandbox/admin/build-schema.js';
import {
  type PracticeJob,
  cancelledJob,
  patientBuild,
  practiceBuilds,
  practiceJobs,
} from '../support/e2e/builds/fleet.js';
import { killWorkers } from '../support/e2e/builds/kills.js';
import { type BuildsScene, setBuildsScene } from '../support/e2e/builds/scene.js';
import { expectNight } from '../support/e2e/builds/truth.js';
import { chance } from '../support/e2e/seed.js';
import { until } from '../support/temporal/until.js';

const temporalAddress = inject('temporalAddress');
const kills = 20;

test('builds and jobs survive their worker being killed and replaced at twenty random moments', async () => {
  const random = chance('builds, worker killed');
  const scene = await setBuildsScene({ temporalAddress, family: 731 });
  const builds = practiceBuilds();
  const jobs = practiceJobs(random);
  const begun: {
    practice: (typeof builds)[number];
    handle: Awaited<ReturnType<BuildsScene['runBuild']>>;
  }[] = [];
  const killed = await killWorkers(scene, random, {
    count: kills,
    // Something begins before each of the first kills, so that each stage of a build's life is struck.
    before: async (index) => {
      const [practice, job] = [builds[index], jobs[index]];
      if (practice) begun.push({ practice, handle: await scene.runBuild(practice) });
      if (job) await schedule(job, index, scene);
      if (index === 15) await cancel(jobs, scene);
    },
  });
  expect(killed).toHaveLength(kills);
  const patient = begun.find(({ practice }) => practice === patientBuild);
  expect((await patient?.handle.status())?.status, 'goes on through all kills').toBe('IN_PROGRESS');
  await patient?.handle.stop('the night is over');
  await expectNight({ builds: begun, jobs }, scene);
}, 300_000);

async function schedule(job: PracticeJob, index: number, { admin, queues }: BuildsScene) {
  const queue = index % 2 === 0 ? queues.agent : queues.stacks;
  await admin.createBuildkiteJob({ uuid: job.uuid, command: job.command, queue });
}

async function cancel(jobs: readonly PracticeJob[], { admin }: BuildsScene): Promise<void> {
  const uuid = jobs.find(({ name }) => name === cancelledJob)?.uuid ?? '';
  const isOf = ({ env }: BuildState) => env['BUILDKITE_JOB_ID']?.value === uuid;
  await until('its build is there', async () => (await admin.builds()).some(isOf));
  await admin.cancelBuildkiteJob(uuid);
}
