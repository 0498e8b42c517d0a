import type { BuildState } from '../../../../sandbox/admin/build-schema.js';
import type { BuildHandle } from '../../../../src/client/index.js';
import { until } from '../../temporal/until.js';
import { type PracticeBuild, type PracticeJob, cancelledJob, patientBuild } from './fleet.js';
import type { BuildsScene } from './scene.js';

/** Builds and jobs, begun one after the other. */
export class Night {
  readonly begun: { practice: PracticeBuild; handle: BuildHandle }[] = [];

  constructor(
    private readonly scene: BuildsScene,
    private readonly builds: readonly PracticeBuild[],
    readonly jobs: readonly PracticeJob[],
  ) {}

  /** Begins the build and the job of this number, where there are such; jobs take turns at the queues. */
  async begin(index: number): Promise<void> {
    const { admin, queues } = this.scene;
    const [practice, job] = [this.builds[index], this.jobs[index]];
    if (practice) this.begun.push({ practice, handle: await this.scene.runBuild(practice) });
    if (!job) return;
    const queue = index % 2 === 0 ? queues.agent : queues.stacks;
    await admin.createBuildkiteJob({ uuid: job.uuid, command: job.command, queue });
  }

  async beginAll(): Promise<void> {
    const count = Math.max(this.builds.length, this.jobs.length);
    for (let index = 0; index < count; index++) await this.begin(index);
  }

  /** Cancels, once its build is there, the job that would run for ever. */
  async cancelJob(): Promise<void> {
    const { admin } = this.scene;
    const uuid = this.jobs.find(({ name }) => name === cancelledJob)?.uuid ?? '';
    const isOf = ({ env }: BuildState) => env['BUILDKITE_JOB_ID']?.value === uuid;
    await until('its build is there', async () => (await admin.builds()).some(isOf), 180_000);
    await admin.cancelBuildkiteJob(uuid);
  }

  /** Stops the build that would run for ever: says whether it did until now. */
  async stopPatient(): Promise<boolean> {
    const patient = this.begun.find(({ practice }) => practice === patientBuild);
    const { status } = (await patient?.handle.status()) ?? {};
    await patient?.handle.stop('the night is over');
    return status === 'IN_PROGRESS';
  }
}
