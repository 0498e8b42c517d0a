import { ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import type { GitLabAccess } from '../../activities/images/builders/gitlab/access.js';
import {
  executionsOf,
  pipelineArn,
} from '../../activities/images/builders/image-builder/pipelines.js';
import { lookAt } from '../../activities/images/ec2/look.js';
import { resolveBaseImage } from '../../activities/images/ec2/resolve-base-image.js';
import type { AwsConnections } from '../../aws/connections.js';
import { NightshiftError } from '../../domain/errors.js';
import { namesOfArchitecture } from '../../domain/images/package.js';
import type { BaseImage, ImageBuilderBuilder, LineSpec } from '../../domain/images/spec.js';
import { targetName } from '../../domain/target.js';

/** A line that is looked at. */
export interface LookedAt {
  aws: AwsConnections;
  gitlab: GitLabAccess;
  spec: LineSpec;
  signal: AbortSignal;
}

/** Looks at what builds the images of a line: what it is, for people. */
export async function builderOf(at: LookedAt): Promise<string> {
  const { builder } = at.spec;
  switch (builder.kind) {
    case 'codebuild':
      return await codebuildProject(at, builder.project);
    case 'gitlab': {
      const { project, ref, url } = builder;
      const doing = `pipelines of ${project} can’t be looked at`;
      // As each start looks for its own: for that the token has to be good for variables, too.
      const mark = { name: 'NIGHTSHIFT_MARK', value: 'doctor' };
      await at.gitlab.use(builder, at.spec.place.pace, doing, (gitlab) =>
        gitlab.findPipeline(project, ref, mark, { since: new Date() }, at.signal),
      );
      return `GitLab project ${project} at ${url}, ${ref}`;
    }
    case 'imageBuilder':
      return await imagePipelines(at, builder);
  }
}

/** The CodeBuild project that tries the images of a line. */
export async function smokeTestOf(at: LookedAt): Promise<string> {
  return await codebuildProject(at, at.spec.smokeTest?.project ?? '');
}

async function codebuildProject({ aws, spec, signal }: LookedAt, projectName: string) {
  const { target, access, pace } = spec.place;
  const client = aws.codeBuild(target, access, pace);
  await client.send(new ListBuildsForProjectCommand({ projectName }), { abortSignal: signal });
  return `CodeBuild project ${projectName}`;
}

async function imagePipelines(
  { aws, spec, signal }: LookedAt,
  { pipeline }: ImageBuilderBuilder,
): Promise<string> {
  const { target, access, pace } = spec.place;
  const client = await aws.imageBuilder(target, access, pace);
  const names = placesOf({ spec }).map(({ os, arch }) =>
    pipeline.replaceAll('{os}', os).replaceAll('{arch}', arch),
  );
  const distinct = [...new Set(names)];
  for (const name of distinct) {
    const arn = await pipelineArn(client, name, targetName(target), signal);
    await executionsOf(client, arn, signal);
  }
  return `Image Builder pipeline ${distinct.join(', ')}`;
}

/** Looks for the images to build on: whether each is there, and of the architecture that it is for. */
export async function baseImages(at: LookedAt): Promise<string> {
  const found: string[] = [];
  for (const place of placesOf(at))
    found.push(`${place.os}/${place.arch} ${await baseImage(at, place)}`);
  return found.join(', ');
}

interface Place {
  os: string;
  arch: string;
  baseImage: BaseImage;
}

function placesOf({ spec }: Pick<LookedAt, 'spec'>): Place[] {
  return spec.baseOs.flatMap(({ name, images }) =>
    Object.entries(images).map(([arch, image]) => ({ os: name, arch, baseImage: image })),
  );
}

async function baseImage(
  { aws, spec, signal }: LookedAt,
  { os, arch, baseImage: named }: Place,
): Promise<string> {
  const { target, access, pace } = spec.place;
  const ssm = aws.ssm(target, access, pace);
  const id = await resolveBaseImage({ ssm, target, baseImage: named, signal });
  const ec2 = await aws.ec2(target, access, pace);
  const sight = await lookAt({ ec2, region: target.region, every: 0, signal }, id);
  if (sight.kind !== 'shown')
    throw wrong(
      `there is no image ${id} for ${os} in ${targetName(target)}`,
      'check baseImage: its id, its region, and whether it is shared with the account',
    );
  const { Architecture: its = '' } = sight.image;
  if (!namesOfArchitecture(arch).includes(its))
    throw wrong(
      `image ${id} for ${os} is of ${its || 'no known architecture'}, not of ${arch}`,
      'give baseImage as { byArchitecture: … }, or the base OS architectures of its own',
    );
  return id;
}

function wrong(message: string, hint: string): NightshiftError {
  return new NightshiftError('InvalidInput', message, { hint });
}
