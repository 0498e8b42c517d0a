import {
  type ImagesByRegion,
  manifestMarker,
  parseManifest,
} from '../../../../domain/images/manifest.js';
import type { BuilderOutcome } from '../../../../domain/images/outcome.js';
import type { GitlabBuilder } from '../../../../domain/images/spec.js';
import type { GitLab, Job, PipelineTree } from '../../../../gitlab/index.js';
import { ManifestScan } from '../manifest-scan.js';

/** Bytes of a job's log that are read at once: GitLab sends the whole each time. */
const logPart = 16_000_000;

interface DoneJob extends Job {
  projectId: number;
}

/** The images that a pipeline has made: by the manifests in its jobs' artifacts, else by those in their logs. */
export async function imagesOf(
  gitlab: GitLab,
  { manifest: file }: GitlabBuilder,
  tree: PipelineTree,
  signal: AbortSignal,
): Promise<BuilderOutcome> {
  const { id, webUrl } = tree.pipeline;
  const link = webUrl === undefined ? {} : { link: webUrl };
  const jobs = doneJobs(tree);
  const inArtifacts = await collect(jobs, async ({ projectId, id: job }) => {
    const bytes = await gitlab.readArtifact(projectId, job, file, undefined, signal);
    return bytes && Buffer.from(bytes).toString('utf8');
  });
  const found =
    inArtifacts.length > 0
      ? inArtifacts
      : await collect(jobs, (job) => manifestInLog(gitlab, job, signal));
  if (found.length === 0)
    return {
      failed: `pipeline ${id} has succeeded, but no job of it has ${file} in its artifacts, nor a line ${manifestMarker} {…} in its log`,
      ...link,
    };
  try {
    return { images: merged(found), ...link };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { failed: `pipeline ${id} has succeeded, but ${error.message}`, ...link };
  }
}

/** Jobs that have succeeded, those of children among them. */
function doneJobs({ pipeline, jobs, children }: PipelineTree): DoneJob[] {
  return [
    ...jobs
      .filter(({ status }) => status === 'success')
      .map((job) => ({ ...job, projectId: pipeline.projectId })),
    ...children.flatMap(({ tree }) => doneJobs(tree)),
  ];
}

interface FoundManifest {
  job: string;
  text: string;
}

async function collect(
  jobs: readonly DoneJob[],
  read: (job: DoneJob) => Promise<string | undefined>,
): Promise<FoundManifest[]> {
  const found: FoundManifest[] = [];
  for (const job of jobs) {
    const text = await read(job);
    if (text !== undefined) found.push({ job: job.name, text });
  }
  return found;
}

async function manifestInLog(
  gitlab: GitLab,
  { projectId, id }: DoneJob,
  signal: AbortSignal,
): Promise<string | undefined> {
  const scan = new ManifestScan();
  const decoder = new TextDecoder();
  for (let from = 0; ;) {
    const part = await gitlab.readJobLog(projectId, id, { from, most: logPart }, signal);
    scan.add(decoder.decode(part.bytes, { stream: !part.atEnd }));
    if (part.atEnd) return scan.end();
    from = part.next;
  }
}

/** All that the manifests name: two images in a region are one too many. */
function merged(found: readonly FoundManifest[]): ImagesByRegion {
  const images: ImagesByRegion = {};
  for (const { job, text } of found)
    for (const [region, id] of Object.entries(manifestOf(job, text))) {
      const other = images[region];
      if (other !== undefined && other !== id)
        throw new RangeError(`its jobs have made two images in ${region}: ${other} and ${id}`);
      images[region] = id;
    }
  return images;
}

function manifestOf(job: string, text: string): ImagesByRegion {
  try {
    return parseManifest(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`of job ${job} ${error.message}`, { cause: error });
  }
}
