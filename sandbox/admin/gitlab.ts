import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import type { Incoming } from '../core/dispatcher.js';
import type { Gitlab } from '../gitlab/gitlab.js';
import type { Project } from '../gitlab/project.js';
import { GitlabRefusal } from '../gitlab/refusal.js';
import { viewOfFiles, viewOfHistory, viewOfPipeline } from '../gitlab/view.js';

const placeFileSchema = z.strictObject({
  /** Id or path. */
  project: z.string(),
  name: z.string().min(1),
  /** Deletes the file when it is null; takes the place of one of this name. */
  content: z.string().nullable(),
});
export type GitlabFileChange = z.infer<typeof placeFileSchema>;

type AdminAction = (request: Incoming) => unknown;

/** The admin API's part for GitLab. */
export function gitlabActions(
  gitlab: Gitlab,
  jsonOf: (body: Buffer) => unknown,
): [string, AdminAction][] {
  return [
    ['GET /_sandbox/gitlab/files', ({ query }) => viewOfFiles(projectOf(gitlab, query))],
    ['PUT /_sandbox/gitlab/files', ({ body }) => placeFile(gitlab, jsonOf(body))],
    [
      'GET /_sandbox/gitlab/file-history',
      ({ query }) => viewOfHistory(projectOf(gitlab, query), query.get('name') ?? ''),
    ],
    ['GET /_sandbox/gitlab/pipelines', ({ query }) => listPipelines(gitlab, query)],
    ['GET /_sandbox/gitlab/secrets', () => gitlab.secrets()],
  ];
}

function projectOf(gitlab: Gitlab, query: URLSearchParams): Project {
  return find(gitlab, query.get('project') ?? '');
}

function find(gitlab: Gitlab, idOrPath: string): Project {
  const project = gitlab.project(idOrPath);
  if (!project) throw new AwsError('NoSuchProject', `no project "${idOrPath}"`, 404);
  return project;
}

function placeFile(gitlab: Gitlab, input: unknown): unknown {
  const { project: idOrPath, name, content } = placeFileSchema.parse(input);
  const project = find(gitlab, idOrPath);
  const now = gitlab.clock.now();
  const earlier = project.secureFiles.named(name);
  if (earlier) project.secureFiles.delete(earlier.id, now);
  try {
    if (content !== null) project.secureFiles.create(name, Buffer.from(content), now);
  } catch (error) {
    if (error instanceof GitlabRefusal) throw new AwsError('Refused', error.message, 409);
    throw error;
  }
  return viewOfFiles(project);
}

function listPipelines(gitlab: Gitlab, query: URLSearchParams): unknown {
  const projects = query.has('project') ? [projectOf(gitlab, query)] : gitlab.projects;
  return projects.flatMap((project) =>
    project.all().map((pipeline) => viewOfPipeline(project, pipeline)),
  );
}
