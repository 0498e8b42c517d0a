import { type Command, Option } from 'commander';
import { environmentTypes } from '../../domain/builds/overrides.js';
import { groupKinds } from './groups.js';

/** Flags that say how a log is shown. */
export function addLogFlags(command: Command): Command {
  return command
    .option(
      '--timestamps',
      'put the time of its event (ISO 8601, UTC) before every line of the log',
    )
    .addOption(
      new Option(
        '--groups <kind>',
        'phases as groups of this CI; auto knows the CI by its environment; none: the log and nothing else, so that GitHub obeys commands in it',
      )
        .choices(['auto', ...groupKinds])
        .default('auto'),
    );
}

/** Flags that say what is to be built, and how. */
export function addRequestFlags(command: Command): Command {
  return command
    .option('--project <name>', 'CodeBuild project')
    .option('--preset <name>', 'preset of builds.presets in nightshift.yaml; flags win over it')
    .option('--account <name>', 'account name or id')
    .option('--region <name>', 'region')
    .option('--source-version <version>', 'commit, branch, tag, pull request or S3 version')
    .option('--image <image>', 'image to build in')
    .option('--compute-type <type>', 'compute type, such as BUILD_GENERAL1_LARGE')
    .option('--environment-type <type>', `environment type, such as ${environmentTypes[0]}`)
    .option('--privileged', 'let the build run a Docker daemon')
    .option('--no-privileged', 'don’t, whatever the project says')
    .option('--env <NAME=value>', 'environment variable (repeatable)', collect)
    .option('--env-ssm <NAME=/name>', 'one whose value is an SSM parameter’s (repeatable)', collect)
    .option('--env-secret <NAME=name>', 'one whose value is a secret’s (repeatable)', collect)
    .option(
      '--buildspec <file>',
      'a local file, whose text is sent; where there is none, a path in the source or an S3 ARN',
    )
    .option('--timeout <duration>', 'how long it may run: 5m to 36h, such as 90m')
    .option('--queued-timeout <duration>', 'how long it may wait in the queue: 5m to 8h')
    .option('--attempts <n>', 'builds to start at most when CodeBuild, not a command, fails')
    .option(
      '--sink <sink>',
      'where the log goes, too: file:PATH, on the worker’s machine (repeatable)',
      collect,
    );
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
