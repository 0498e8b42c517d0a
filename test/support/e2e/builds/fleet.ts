import type { Random } from '../../../../sandbox/core/random.js';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';

export const region = 'ap-southeast-2';
export const agentToken = 'agent-token-of-the-cluster';
export const agentTokenName = '/dev/1/buildkite-agent-key';

/** The projects there are. All but two really run what they are told. */
export const projects = {
  shell: 'shell',
  simulated: 'simulated',
  faulty: 'faulty',
  oneAtATime: 'one-at-a-time',
  jobs: 'buildkite-jobs',
} as const;

type Projects = NonNullable<FleetInput['projects']>;

/** What a job's build does: it runs the job's command, as Buildkite's own agent would. */
const runsCommand = buildspecOf('sh -c "$BUILDKITE_COMMAND"');

export function projectsIn(account: string): Projects {
  const place = { account, region };
  return [
    { ...place, name: projects.shell, execute: true },
    { ...place, name: projects.simulated },
    { ...place, name: projects.faulty, behaviour: { fail: { kind: 'fault', times: 1 } } },
    { ...place, name: projects.oneAtATime, concurrentBuildLimit: 1 },
    { ...place, name: projects.jobs, execute: true, buildspec: runsCommand },
  ];
}

export function buildspecOf(...commands: string[]): string {
  const lines = commands.map((command) => `      - ${JSON.stringify(command)}\n`);
  return `version: 0.2\nphases:\n  build:\n    commands:\n${lines.join('')}`;
}

/** A command that writes so many numbered lines of about 100 bytes, none like another. */
export function numberedLines(count: number): string {
  return `seq -f 'line %.0f of ${count}: each has its number, and characters of several bytes: äöü … ✓ 夜勤 ${'.'.repeat(20)}' 1 ${count}`;
}

/** A command that writes a line every so many seconds. */
export function ticking(count: number, seconds: number): string {
  return `for i in $(seq 1 ${count}); do echo "tick $i of ${count}"; sleep ${seconds}; done`;
}

/** A build or a job, and what must become of it. */
export interface Practice {
  name: string;
  /** In Buildkite's words for a job, in CodeBuild's for a build. */
  ends: string;
  exitStatus?: number;
}

export interface PracticeBuild extends Practice {
  project: string;
  buildspec?: string;
  /** How a build goes that only seems to run. */
  behaviour?: object;
  /** Builds that come to be for it: 1 unless given. */
  builds?: number;
}

export interface PracticeJob extends Practice {
  uuid: string;
  command: string;
  /** The least that its log has to have. */
  bytes?: number;
}

/** Goes on until it is told to stop. */
export const patientBuild: PracticeBuild = {
  name: 'patient',
  ends: 'STOPPED',
  project: projects.simulated,
  behaviour: { phases: { BUILD: 36_000 }, log: { everySeconds: 1, lines: 36_000, lateSeconds: 2 } },
};

const shell = { project: projects.shell };

/** A few lines, soon. */
export const quickBuild: PracticeBuild = {
  name: 'hello',
  ends: 'SUCCEEDED',
  project: projects.shell,
  buildspec: buildspecOf('echo hello'),
};

/** Ten builds, one that has to be stopped among them. */
export function practiceBuilds(): PracticeBuild[] {
  return [
    patientBuild,
    quickBuild,
    {
      ...shell,
      name: 'numbered',
      ends: 'SUCCEEDED',
      buildspec: buildspecOf(numberedLines(15_000), 'sleep 3', numberedLines(25_000)),
    },
    { ...shell, name: 'ticking', ends: 'SUCCEEDED', buildspec: buildspecOf(ticking(40, 0.3)) },
    {
      ...shell,
      name: 'failing',
      ends: 'FAILED',
      exitStatus: 7,
      buildspec: buildspecOf('echo about to fail', 'sh -c "sleep 2; exit 7"', 'echo not reached'),
    },
    {
      name: 'in-parts',
      ends: 'SUCCEEDED',
      project: projects.simulated,
      behaviour: { phases: { BUILD: 30 }, log: { lines: 600, partialLines: true, lateSeconds: 3 } },
    },
    {
      name: 'large',
      ends: 'SUCCEEDED',
      project: projects.simulated,
      behaviour: { phases: { BUILD: 20 }, log: { bytes: 8_000_000 } },
    },
    { name: 'retried', ends: 'SUCCEEDED', project: projects.faulty, builds: 2 },
    { name: 'first-of-two', ends: 'SUCCEEDED', project: projects.oneAtATime },
    { name: 'second-of-two', ends: 'SUCCEEDED', project: projects.oneAtATime },
  ];
}

/** Runs until it is cancelled in Buildkite. */
export const cancelledJob = 'cancelled';

/** A dozen jobs, one with that many megabytes of log. */
export function practiceJobs(random: Random, { megabytes }: { megabytes: number }): PracticeJob[] {
  const finished = { ends: 'finished', exitStatus: 0 };
  const jobs: Omit<PracticeJob, 'uuid'>[] = [
    { name: cancelledJob, ends: 'canceled', exitStatus: -1, command: ticking(3_000, 0.2) },
    {
      ...finished,
      name: 'huge',
      command: numberedLines(megabytes * 8_500),
      bytes: megabytes * 1_000_000,
    },
    { ...finished, name: 'failing', command: 'echo no; sleep 1; exit 7', exitStatus: 7 },
    { ...finished, name: 'numbered-1', command: numberedLines(12_000), bytes: 1_000_000 },
    { ...finished, name: 'ticking-1', command: ticking(30, 0.3) },
    { ...finished, name: 'hello-1', command: 'echo hello' },
    { ...finished, name: 'numbered-2', command: numberedLines(24_000), bytes: 2_000_000 },
    { ...finished, name: 'silent', command: 'sleep 3' },
    { ...finished, name: 'ticking-2', command: ticking(12, 0.5) },
    { ...finished, name: 'numbered-3', command: numberedLines(36_000), bytes: 3_000_000 },
    { ...finished, name: 'hello-2', command: 'echo hello; echo error >&2' },
    { ...finished, name: 'unfinished-line', command: 'printf "a line without an end"' },
  ];
  return jobs.map((job) => ({ ...job, uuid: uuidFrom(random) }));
}

/** Goes on for longer than its worker. */
export const lostJob = {
  uuid: '5c0bd2a4-96c1-4b0f-8f3e-2d4f6f0a7b11',
  command: ticking(3_000, 0.2),
};

function uuidFrom(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.integer(0, 15).toString(16)).join('');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20)].join('-');
}
