import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitStatusOf } from '../../../src/domain/builds/exit-status.js';
import { packageRoot } from '../../../src/temporal/package-root.js';
import { type Container, buildContainer, commandsOf, readBuildspec } from './build-container.js';
import { installAgent, installSshKey, jobEnvironment } from './job.js';

const folder = join(packageRoot(), 'examples/codebuild');
const buildspec = readBuildspec(join(folder, 'buildspec.yml'));
const plain = readBuildspec(join(folder, 'plain-buildspec.yml'));

/** Files of the container that hold this text. */
function filesWith(container: Container, text: string, except: string[]): string[] {
  return readdirSync(container.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(container.folder, name))
    .filter((path) => !except.includes(path) && existsSync(path) && statSync(path).isFile())
    .filter((path) => readFileSync(path, 'utf8').includes(text));
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition();) {
    if (Date.now() > deadline) throw new Error('waited a minute for nothing');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.each([
  ['buildspec.yml', buildspec],
  ['plain-buildspec.yml', plain],
])('the commands of %s', (_name, { phases }) => {
  it.each(Object.entries(phases).flatMap(([phase, p]) => p.commands.map((c) => [phase, c])))(
    'are shell: %s',
    (_phase, command) => {
      for (const shell of ['sh', 'bash']) {
        const { status, stderr } = spawnSync(shell, ['-n'], { input: command, encoding: 'utf8' });
        expect({ shell, status, stderr }).toEqual({ shell, status: 0, stderr: '' });
      }
    },
  );
});

describe('a Buildkite job in a build container', () => {
  it.each([0, 1, 3, 255])('ends with the exit status of its command: %i', async (exitStatus) => {
    const container = buildContainer();
    const recorded = installAgent(container, exitStatus);
    const build = await container.run(buildspec, jobEnvironment);
    expect(build.exitStatus, build.output).toBe(exitStatus);
    expect(recorded().args).toBe('bootstrap');
    if (exitStatus === 0) return;
    // As CodeBuild tells it, and as Nightshift reads it from there.
    const message = `Error while executing command: ${build.failed ?? ''}. Reason: exit status ${exitStatus}`;
    const phase = { type: 'BUILD', status: 'FAILED', message };
    expect(exitStatusOf([phase])).toBe(exitStatus);
  });

  it('keeps the exit status of its command with an SSH key, too', async () => {
    const container = buildContainer();
    installAgent(container, 7);
    installSshKey(container, '/dev/1/buildkite-ssh-key');
    const build = await container.run(buildspec, {
      ...jobEnvironment,
      NIGHTSHIFT_SSH_KEY: '/dev/1/buildkite-ssh-key',
    });
    expect(build.exitStatus, build.output).toBe(7);
  });

  it('has the whole environment that Nightshift passed, and what an agent sets', async () => {
    const container = buildContainer();
    const recorded = installAgent(container);
    await container.run(buildspec, jobEnvironment);
    const { env } = recorded();
    expect(env).toMatchObject(jobEnvironment);
    expect(env).toMatchObject({
      BUILDKITE_BIN_PATH: join(container.folder, 'bin'),
      BUILDKITE_BUILD_PATH: join(container.source, 'buildkite/builds'),
      BUILDKITE_PLUGINS_PATH: join(container.source, 'buildkite/plugins'),
      BUILDKITE_HOOKS_PATH: '/etc/buildkite-agent/hooks',
      BUILDKITE_BOOTSTRAP_PHASES: 'plugin,checkout,command',
      BUILDKITE_COMMAND_EVAL: 'true',
      BUILDKITE_PLUGINS_ENABLED: 'true',
      BUILDKITE_LOCAL_HOOKS_ENABLED: 'true',
      BUILDKITE_SSH_KEYSCAN: 'true',
    });
    expect(env['BUILDKITE_REDACTED_VARS']?.split(',')).toContain('*_TOKEN');
    expect(statSync(env['BUILDKITE_BUILD_PATH'] ?? '').isDirectory()).toBe(true);
  });

  it('tells docker plugins the names of the job’s variables, and none of the container’s', async () => {
    const container = buildContainer();
    const recorded = installAgent(container);
    await container.run(buildspec, {
      ...jobEnvironment,
      ECS_CONTAINER_METADATA_URI: 'http://127.0.0.1:9',
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/credentials',
    });
    const names = readFileSync(recorded().env['BUILDKITE_ENV_FILE'] ?? '', 'utf8')
      .trim()
      .split('\n');
    expect(names).toEqual(expect.arrayContaining(Object.keys(jobEnvironment)));
    expect(names.filter((name) => /^(PATH|HOME|CODEBUILD_|ECS_|AWS_CONTAINER)/.test(name))).toEqual(
      [],
    );
    expect(names).not.toContain('BRANCH');
  });

  it('never shows the session in its log', async () => {
    const container = buildContainer();
    installAgent(container);
    const { output } = await container.run(buildspec, jobEnvironment);
    expect(output).not.toContain(jobEnvironment.BUILDKITE_AGENT_ACCESS_TOKEN);
  });

  it('begins its log with a group that Buildkite folds', async () => {
    const container = buildContainer();
    installAgent(container);
    const { output } = await container.run(buildspec, jobEnvironment);
    expect(output.split('\n').filter((line) => /^(---|\+\+\+|~~~) /.test(line))).toEqual([
      '~~~ Preparing the build container',
      '~~~ Preparing working directory',
    ]);
  });

  it.each(['BUILDKITE_REPO', 'BUILDKITE_AGENT_ACCESS_TOKEN', 'BUILDKITE_PIPELINE_PROVIDER'])(
    'does not begin without %s, and says so',
    async (name) => {
      const container = buildContainer();
      const recorded = installAgent(container);
      const { exitStatus, output } = await container.run(buildspec, {
        ...jobEnvironment,
        [name]: '',
      });
      expect(exitStatus).toBe(1);
      expect(output).toContain(`Not set: ${name}. This project runs Buildkite jobs`);
      expect(recorded).toThrow('ENOENT');
    },
  );
});

describe('the SSH key of a job', () => {
  const parameter = '/dev/1/buildkite-ssh-key';
  const env = { ...jobEnvironment, NIGHTSHIFT_SSH_KEY: parameter };

  it('is there for checkouts, is never on a disk, and is gone afterwards', async () => {
    const container = buildContainer();
    const recorded = installAgent(container);
    const key = installSshKey(container, parameter);
    const build = await container.run(buildspec, env);
    expect(build.exitStatus, build.output).toBe(0);
    const { keys, env: seen } = recorded();
    expect(keys).toContain(key.fingerprint);

    const secretLine = key.secret.split('\n')[1] ?? '';
    expect(filesWith(container, secretLine, [key.file])).toEqual([]);
    expect(Object.values(seen).join('\n')).not.toContain(secretLine);
    expect(build.output).not.toContain(secretLine);
    const socket = seen['SSH_AUTH_SOCK'] ?? '';
    const left = spawnSync('ssh-add', ['-l'], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      encoding: 'utf8',
    });
    expect(left.stdout).not.toContain(key.fingerprint);
    // The agent looks for its parent every ten seconds.
    await until(() => !existsSync(socket));
  });

  it.each([
    ['is not in SSM', 'echo "An error occurred (ParameterNotFound)" >&2; exit 254'],
    ['is no key', 'echo nonsense'],
  ])('that %s fails the job with its name, before the job begins', async (_what, aws) => {
    const container = buildContainer();
    const recorded = installAgent(container);
    container.install('aws', aws);
    const { exitStatus, output } = await container.run(buildspec, env);
    expect(exitStatus).toBe(1);
    expect(output).toContain(`The SSH key ${parameter} could not be used.`);
    expect(recorded).toThrow('ENOENT');
  });
});

describe('host keys', () => {
  it('of GitHub, GitLab and Bitbucket are the ones that they publish', async () => {
    const container = buildContainer();
    installAgent(container);
    await container.run(buildspec, jobEnvironment);
    const list = execFileSync('ssh-keygen', ['-lf', join(container.home, '.ssh/known_hosts')], {
      encoding: 'utf8',
    });
    expect(list.trim().split('\n')).toEqual([
      '256 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU github.com (ED25519)',
      '256 SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8 gitlab.com (ED25519)',
      '256 SHA256:ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM bitbucket.org (ED25519)',
    ]);
  });

  const own =
    'git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
  const warned = (output: string) =>
    /Warning: the host key of (\S+) is not pinned/.exec(output)?.[1];

  it.each([
    ['git@github.com:example/app.git', {}, undefined],
    ['ssh://git@bitbucket.org/example/app.git', {}, undefined],
    ['https://git.example.com/app.git', {}, undefined],
    ['git@git.example.com:app.git', {}, 'git.example.com'],
    ['ssh://git@git.example.com:7999/app.git', {}, 'git.example.com'],
    ['git@git.example.com:app.git', { NIGHTSHIFT_KNOWN_HOSTS: own }, undefined],
    [
      'git@b.example.com:app.git',
      { NIGHTSHIFT_KNOWN_HOSTS: `${own};${own.replace('git.', 'b.')}` },
      undefined,
    ],
  ])('are asked about where they are not known: %s %j', async (repo, env, host) => {
    const container = buildContainer();
    installAgent(container);
    const { output, exitStatus } = await container.run(buildspec, {
      ...jobEnvironment,
      BUILDKITE_REPO: repo,
      ...env,
    });
    expect({ host: warned(output), exitStatus }).toEqual({ host, exitStatus: 0 });
  });

  it('that are not known are refused where the project says so', async () => {
    const container = buildContainer();
    const recorded = installAgent(container);
    await container.run(buildspec, { ...jobEnvironment, NIGHTSHIFT_UNKNOWN_HOSTS: 'refuse' });
    expect(recorded().env['BUILDKITE_SSH_KEYSCAN']).toBe('false');
  });
});

describe('an image without the agent', () => {
  /** Releases to download: an archive that holds a `buildkite-agent`, and sums of its own or of something else. */
  function publish(container: Container, sumOf: (archive: Buffer) => string) {
    const recorded = installAgent(container);
    const releases = join(container.folder, 'releases');
    execFileSync('sh', [
      '-c',
      `mkdir ${releases} && mv ${container.folder}/bin/buildkite-agent ${releases} &&
       tar -czf ${releases}/archive -C ${releases} ./buildkite-agent`,
    ]);
    const archive = readFileSync(join(releases, 'archive'));
    container.install(
      'curl',
      `while [ $# -gt 2 ]; do [ "$1" != -o ] || to=$2; shift; done; url=$2
       echo "$url" >>${releases}/asked
       case "$url" in
         *.tar.gz) cat ${releases}/archive >"$to" ;;
         *) for cpu in amd64 arm64; do echo "${sumOf(archive)}  buildkite-agent-linux-$cpu-4.8.1.tar.gz"; done >"$to" ;;
       esac`,
    );
    const asked = () => readFileSync(join(releases, 'asked'), 'utf8').trim().split('\n');
    return { recorded, asked };
  }
  const env = { ...jobEnvironment, NIGHTSHIFT_AGENT_VERSION: '4.8.1' };

  it('downloads the release that the project names, and runs it', async () => {
    const container = buildContainer();
    const { recorded, asked } = publish(container, (archive) =>
      createHash('sha256').update(archive).digest('hex'),
    );
    const build = await container.run(buildspec, env);
    expect(build.exitStatus, build.output).toBe(0);
    expect(asked().map((url) => basename(url))).toEqual([
      expect.stringMatching(/^buildkite-agent-linux-(amd64|arm64)-4\.8\.1\.tar\.gz$/),
      'buildkite-agent-4.8.1.SHA256SUMS',
    ]);
    expect(recorded().env['BUILDKITE_BIN_PATH']).toBe(join(container.source, 'buildkite/bin'));
  });

  it('runs no download whose checksum is wrong', async () => {
    const container = buildContainer();
    const { recorded } = publish(container, () => '0'.repeat(64));
    const { exitStatus, output } = await container.run(buildspec, env);
    expect(exitStatus).not.toBe(0);
    expect(output).toContain('FAILED');
    expect(recorded).toThrow('ENOENT');
  });
});

describe('a Docker daemon', () => {
  const started = (container: Container) => existsSync(join(container.source, 'dockerd.log'));

  it('is started for images that ask for it, and waited for', async () => {
    const container = buildContainer();
    installAgent(container);
    container.install('nohup', `exec "$@"`);
    container.install('dockerd', `echo up; echo >${container.folder}/docker.up`);
    container.install('docker', `[ -e ${container.folder}/docker.up ]`);
    const build = await container.run(buildspec, {
      ...jobEnvironment,
      NIGHTSHIFT_START_DOCKER: 'true',
    });
    expect(build).toMatchObject({ exitStatus: 0 });
    expect(build.output).not.toContain('Warning: no Docker daemon');
    expect(started(container)).toBe(true);
  });

  it('is left alone otherwise', async () => {
    const container = buildContainer();
    installAgent(container);
    await container.run(buildspec, jobEnvironment);
    expect(started(container)).toBe(false);
  });
});

describe('the plain example', () => {
  it('greets, and ends with the status that it is asked for', async () => {
    const env = { SECONDS_TO_WORK: '0', GREETING: 'good morning' };
    const { exitStatus, output } = await buildContainer().run(plain, env);
    expect(output).toContain('good morning from example:');
    expect(exitStatus).toBe(0);
    expect(await buildContainer().run(plain, { ...env, EXIT_STATUS: '3' })).toMatchObject({
      exitStatus: 3,
    });
  });
});

describe('the buildspec', () => {
  it('names only variables that README.md explains', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const used = commandsOf(buildspec).flatMap(
      (command) => command.match(/NIGHTSHIFT_[A-Z_]+\w/g) ?? [],
    );
    const explained = [...readme.matchAll(/^\| `(NIGHTSHIFT_\w+)`/gm)].map(([, name]) => name);
    expect([...new Set(used.filter((name) => !name.endsWith('_')))].sort()).toEqual(
      explained.sort(),
    );
  });
});
