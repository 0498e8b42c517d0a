import { randomBytes } from 'node:crypto';
import type { DescribedBuild } from '../activities/builds/describe-build.js';
import type { DescribeRequest } from '../domain/builds/input.js';
import type { Caller } from './caller.js';
import { fromTemporalError } from './errors.js';

/** Has a worker look at a build, whoever started it. */
export async function describeBuild(
  caller: Caller,
  request: DescribeRequest,
): Promise<DescribedBuild> {
  try {
    return await caller.until(undefined, () =>
      caller.client.workflow.execute<(input: DescribeRequest) => Promise<DescribedBuild>>(
        'describeBuild',
        {
          workflowId: `build-look-${randomBytes(8).toString('hex')}`,
          taskQueue: caller.taskQueue,
          args: [request],
          workflowExecutionTimeout: '10m',
        },
      ),
    );
  } catch (error) {
    throw fromTemporalError(error, `build ${request.build} can’t be looked at`);
  }
}
