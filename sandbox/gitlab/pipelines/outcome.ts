import type { ImageMaker } from '../../packer/image-maker.js';
import { manifestLine, manifestText } from '../../packer/manifest.js';
import type { Job, Pipeline } from './pipeline.js';

/**
 * Lets a job end as its spec says: what its log's last lines are, its artifacts, the image that it has made.
 *
 * @param now sandbox ms
 */
export function endJob(
  pipeline: Pipeline,
  job: Job,
  failures: Map<string, number>,
  makeImage: ImageMaker,
  now: number,
): 'success' | 'failed' {
  const { spec } = job;
  if (fails(pipeline, job, failures)) {
    job.failureReason = spec.fail?.reason ?? 'script_failure';
    job.lastLines = ['ERROR: Job failed: exit code 1'];
    return 'failed';
  }
  const manifest = spec.image ? manifestOf(pipeline, job, makeImage, now) : undefined;
  job.artifacts = new Map([
    ...Object.entries(spec.artifacts).map(([path, text]): [string, string] => [
      path,
      pipeline.expand(text),
    ]),
    ...(manifest === undefined ? [] : [['manifest.json', manifest] as const]),
  ]);
  job.lastLines = [...(manifest === undefined ? [] : [manifestLine(manifest)]), 'Job succeeded'];
  return 'success';
}

function fails(pipeline: Pipeline, { spec }: Job, failures: Map<string, number>): boolean {
  if (!spec.fail) return false;
  const { times, per } = spec.fail;
  const key = JSON.stringify([spec.name, per === undefined ? '' : (pipeline.value(per) ?? '')]);
  const earlier = failures.get(key) ?? 0;
  failures.set(key, earlier + 1);
  return times === undefined || earlier < times;
}

/** What Packer's manifest post-processor writes. */
function manifestOf(pipeline: Pipeline, job: Job, makeImage: ImageMaker, now: number): string {
  const { image } = job.spec;
  if (!image) return '';
  const { account, region, name = `image-${job.id}`, tags } = image;
  const expanded = Object.entries(tags).map(([key, value]): [string, string] => [
    key,
    pipeline.expand(value),
  ]);
  const id = makeImage({
    account,
    region,
    name: pipeline.expand(name),
    tags: Object.fromEntries(expanded),
    createdAt: now,
  });
  return manifestText(`run-${job.id}`, [
    { name: job.name, builtAt: now, images: { [region]: id } },
  ]);
}
