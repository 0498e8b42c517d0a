import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './build-container.js';

/** A job's environment as Nightshift passes it: all that Buildkite sends, and the agent's session. */
export const jobEnvironment = {
  BUILDKITE: 'true',
  BUILDKITE_JOB_ID: '0192d4a8-0000-4000-8000-000000000001',
  BUILDKITE_REPO: 'git@github.com:example/app.git',
  BUILDKITE_COMMIT: 'HEAD',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_MESSAGE: 'Two lines,\nBRANCH=and what looks like a variable',
  BUILDKITE_COMMAND: 'make test',
  BUILDKITE_ORGANIZATION_SLUG: 'example',
  BUILDKITE_PIPELINE_SLUG: 'app',
  BUILDKITE_PIPELINE_PROVIDER: 'github',
  BUILDKITE_AGENT_NAME: 'nightshift-1',
  BUILDKITE_AGENT_ID: '0192d4a8-0000-4000-8000-000000000002',
  BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:9/v3',
  BUILDKITE_AGENT_ACCESS_TOKEN: 'a-session-that-nobody-may-see',
  FLAVOUR: 'vanilla',
};

export interface Recording {
  args: string;
  env: Record<string, string>;
  /** What `ssh-add -l` says while the job runs. */
  keys: string;
}

/** Puts a `buildkite-agent` into the container that records how it was called and ends with this status. */
export function installAgent(container: Container, exitStatus = 0): () => Recording {
  const record = join(container.folder, 'recorded');
  container.install(
    'buildkite-agent',
    `printf '%s' "$*" >${record}.args
     env -0 >${record}.env
     ssh-add -l >${record}.keys 2>&1
     echo '~~~ Preparing working directory'
     exit ${exitStatus}`,
  );
  return () => ({
    args: readFileSync(`${record}.args`, 'utf8'),
    env: Object.fromEntries(
      readFileSync(`${record}.env`, 'utf8')
        .split('\0')
        .filter((entry) => entry !== '')
        .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
    keys: readFileSync(`${record}.keys`, 'utf8'),
  });
}

/** Puts an `aws` into the container that hands out a new SSH key under this name; returns the key's fingerprint. */
export function installSshKey(container: Container, parameter: string) {
  const file = join(container.folder, 'parameter-store');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'checkout', '-f', file]);
  const secret = readFileSync(file, 'utf8').trim();
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-lf', file], {
    encoding: 'utf8',
  }).split(' ');
  container.install(
    'aws',
    `[ "$*" = 'ssm get-parameter --name ${parameter} --with-decryption --query Parameter.Value --output text' ] ||
       { echo "ParameterNotFound: $*" >&2; exit 254; }
     cat ${file}`,
  );
  return { file, secret, fingerprint };
}
