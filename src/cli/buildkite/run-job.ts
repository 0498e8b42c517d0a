import type { Command } from 'commander';
import type { JobResult } from '../../client/index.js';
import { expectWorker } from '../worker-check.js';
import { exitCodes } from '../exit.js';
import { interruptible } from '../interrupts.js';
import { type Output, printJson } from '../output.js';
import { withSession } from '../session.js';

interface RunJobFlags {
  queue?: string;
  config?: string;
  local?: boolean;
  json?: boolean;
  detach?: boolean;
}

/** `nightshift buildkite run-job` */
export function runJobCommand(parent: Command, output: Output): void {
  parent
    .command('run-job')
    .description('run one job now, whatever slots its queue has, and wait for its end')
    .argument('<uuid>', 'UUID of the job')
    .option('--queue <key>', 'queue whose settings count, where there is more than one')
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--local', 'use a server and a worker in this process')
    .option('--detach', 'start it and return')
    .option('--json', 'print the result as JSON, alone on stdout')
    .action(async (jobId: string, flags: RunJobFlags) => {
      process.exitCode = await runJob(jobId.toLowerCase(), flags, output);
    });
}

async function runJob(jobId: string, flags: RunJobFlags, output: Output): Promise<number> {
  return await withSession({ ...flags, needsConfig: flags.local ?? false }, async (session) => {
    await interruptible((signal) => expectWorker(session, output, signal));
    const { loaded, nightshift } = session;
    const job = await nightshift.buildkite.runJob(jobId, {
      ...(flags.queue === undefined ? {} : { queue: flags.queue }),
      ...(loaded ? { setup: { config: loaded.config } } : {}),
    });
    output.say(`${job.workflowId} runs; its log is in Buildkite`);
    if (flags.detach) return exitCodes.done;
    const result = await interruptible(() => job.result());
    if (flags.json) printJson(output, result);
    else output.print(endOf(result));
    return result.exitStatus === 0 ? exitCodes.done : exitCodes.failed;
  });
}

function endOf({ jobId, outcome, exitStatus, signalReason, reason, build }: JobResult): string {
  const why = [signalReason, reason].filter(Boolean).join(': ');
  const lines = [`job ${jobId}: ${outcome}, exit status ${exitStatus}${why ? ` (${why})` : ''}`];
  if (build) lines.push(`build ${build.buildId}: ${build.status}  ${build.links.console}`);
  return lines.join('\n');
}
