import { parse } from 'yaml';
import { readYaml } from '../../src/config/yaml-source.js';
import { configSchema, parseInput } from '../../src/domain/config/index.js';
import { type InputIssue, InvalidInputError } from '../../src/domain/errors.js';

/** The smallest config, as the README shows it. */
export const smallest = `\
accounts:
  ssm: { path: /nightshift/accounts }
  role: arn:aws:iam::{accountId}:role/nightshift-spoke
regions: [ap-southeast-2, us-east-1]
policies: [policies/*.yml]
`;

/** The smallest config that serves Buildkite, as docs/buildkite.md shows it. */
export const smallestBuildkite = `\
buildkite:
  endpoint: https://agent-edge.buildkite.com/v3   # the default
  token: { ssm: /dev/1/buildkite-agent-key }      # a SecureString in the management account
  intake: agent                                   # or: stacks
  queues:
    - { queue: default, account: dev-1, region: ap-southeast-2, project: buildkite-jobs, concurrency: 10 }
builds:
  pollInterval: 5s
`;

/** The smallest config of images, as the README shows it. */
export const smallestImages = `\
images:
  - line: gitlab-runner
    product: gitlab-runner
    source: { rpm: https://mirror.example/runner/el9 }   # or: html: …, or: deb: { url, suite, component }
    versions: ">=16.0"
    architectures: [x86_64]
    baseOs:
      - { name: al2023, baseImage: ami-0123456789abcdef0 }   # or: baseImage: { ssm: /aws/service/… }
    account: dev-1
    region: ap-southeast-2
    builder: { codebuild: { project: image-build } }
    tracker: { ssm: /nightshift/images/gitlab-runner }
    concurrency: 4
    firstRunLimit: 20
`;

/** The smallest config with some sections replaced, parsed. */
export function configWith(sections: Record<string, unknown>): Record<string, unknown> {
  return { ...(parse(smallest) as Record<string, unknown>), ...sections };
}

/** A config of one preset with this line. */
export const preset = (line: string) => `builds:\n  presets:\n    image:\n      ${line}\n`;

/** A config of one queue, with a line more of `buildkite`, and one more of its queue. */
export const buildkite = (line = 'intake: agent', queueLine = 'concurrency: 10') => `\
buildkite:
  token: { ssm: /dev/1/buildkite-agent-key }
  ${line}
  queues:
    - queue: default
      account: dev-1
      region: ap-southeast-2
      project: buildkite-jobs
      ${queueLine}
`;

/** What is wrong with a config, as its writer is told. */
export function issuesOf(text: string): InputIssue[] {
  const source = readYaml(text, 'nightshift.yaml');
  try {
    parseInput(configSchema, source.value, source.locate);
  } catch (error) {
    if (error instanceof InvalidInputError) return [...error.issues];
    throw error;
  }
  throw new Error('the config was accepted');
}
