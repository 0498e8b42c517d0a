import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  executeChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { BuildResult } from '../../../domain/builds/result.js';
import type { BuildSpec } from '../../../domain/builds/spec.js';
import type { CodebuildBuilder } from '../../../domain/images/spec.js';
import type { codebuildBuild } from '../../builds/codebuild-build.js';
import { unwrapped } from '../../failure.js';
import { activitiesWith } from '../activities.js';
import { failureOf, imageFailed } from '../failure.js';
import type { ImageBuilder } from './builder.js';

/** A CodeBuild build that runs Packer, by the workflow that knows how to run builds. */
export function inCodebuild(builder: CodebuildBuilder): ImageBuilder {
  return async ({ spec, variables }) => {
    const { place } = spec;
    const { project, retry } = builder;
    const env = { ...builder.overrides.env, ...variables };
    const result = await runBuild('build', {
      ...place,
      project,
      overrides: { ...builder.overrides, env },
      sinks: [],
      retry,
    });
    const link = result.links.console;
    if (result.status !== 'SUCCEEDED')
      throw imageFailed(result.reason ?? `the build ended as ${result.status}`, link);
    const { buildId } = result;
    try {
      const { build } = activitiesWith(place.pace);
      return { images: await unwrapped(build.readManifest({ place, buildId, builder })), link };
    } catch (error) {
      throw imageFailed(failureOf(error).reason, link);
    }
  };
}

/** A build as a part of this image's workflow. Cancelled with it, it is stopped first. */
export async function runBuild(part: string, spec: BuildSpec): Promise<BuildResult> {
  const result = await executeChild<typeof codebuildBuild>('codebuildBuild', {
    workflowId: `${workflowInfo().workflowId}/${part}`,
    args: [{ spec }],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  // It tells how it ended, as always; here it was not to go on.
  if (CancellationScope.current().consideredCancelled)
    throw new CancelledFailure(`build ${result.buildId} ended as ${result.status}`);
  return result;
}
