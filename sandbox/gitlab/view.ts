import { z } from 'zod';
import type { Pipeline } from './pipelines/pipeline.js';
import { pipelineSources } from './pipelines/pipeline.js';
import { ciStatuses } from './pipelines/status.js';
import type { Project } from './project.js';
import type { SecureFileChange } from './secure-files/secure-files.js';

/** What the admin API shows of GitLab, as it truly is. Times are sandbox time, ISO 8601. */

const time = z.string();
const status = z.enum(ciStatuses);

export const gitlabFileStateSchema = z.object({
  id: z.number(),
  name: z.string(),
  content: z.string(),
  checksum: z.string(),
  createdAt: time,
});
export type GitlabFileState = z.infer<typeof gitlabFileStateSchema>;

const gapSchema = z.object({ from: time, until: time.optional() });

export const gitlabFileHistorySchema = z.object({
  changes: z.array(
    z.object({
      kind: z.enum(['created', 'deleted']),
      name: z.string(),
      checksum: z.string(),
      at: time,
      /** Those of the project that were there afterwards. */
      names: z.array(z.string()),
    }),
  ),
  /** When, after the first was there, there was neither a file of this name nor one of it with a number, `<name>.<n>`. */
  gaps: z.array(gapSchema),
  /** When, after it was there first, there was no file of this very name. */
  plainGaps: z.array(gapSchema),
});
export type GitlabFileHistory = z.infer<typeof gitlabFileHistorySchema>;

export const gitlabPipelineStateSchema = z.object({
  project: z.string(),
  id: z.number(),
  ref: z.string(),
  source: z.enum(pipelineSources),
  status,
  variables: z.record(z.string(), z.string()),
  createdAt: time,
  finishedAt: time.optional(),
  /** Id of the pipeline that started it. */
  parent: z.number().optional(),
  jobs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      kind: z.enum(['job', 'bridge']),
      status,
      retried: z.boolean(),
    }),
  ),
});
export type GitlabPipelineState = z.infer<typeof gitlabPipelineStateSchema>;

export function viewOfFiles({ secureFiles }: Project): GitlabFileState[] {
  return secureFiles.list().map(({ id, name, content, checksum, createdAt }) => ({
    ...{ id, name, checksum },
    content: content.toString(),
    createdAt: iso(createdAt),
  }));
}

export function viewOfHistory({ secureFiles }: Project, name: string): GitlabFileHistory {
  const isOfIt = (other: string) =>
    other === name || (other.startsWith(`${name}.`) && /^\d+$/.test(other.slice(name.length + 1)));
  const all = secureFiles.history();
  return {
    changes: all
      .filter((change) => isOfIt(change.name))
      .map((c) => ({
        ...c,
        at: iso(c.at),
        names: [...c.names],
      })),
    gaps: gapsOf(all, ({ names }) => names.some(isOfIt)),
    plainGaps: gapsOf(all, ({ names }) => names.includes(name)),
  };
}

function gapsOf(
  changes: readonly SecureFileChange[],
  isThere: (change: SecureFileChange) => boolean,
): GitlabFileHistory['gaps'] {
  const gaps: GitlabFileHistory['gaps'] = [];
  let wasThere = false;
  for (const change of changes) {
    const now = isThere(change);
    const last = gaps.at(-1);
    if (wasThere && !now) gaps.push({ from: iso(change.at) });
    if (!wasThere && now && last) last.until = iso(change.at);
    wasThere = now;
  }
  return gaps;
}

export function viewOfPipeline({ spec }: Project, pipeline: Pipeline): GitlabPipelineState {
  const { id, ref, source, variables, createdAt, parent } = pipeline.options;
  return {
    ...{ project: spec.path, id, ref, source, status: pipeline.status },
    variables: Object.fromEntries(variables.map(({ key, value }) => [key, value])),
    createdAt: iso(createdAt),
    ...(pipeline.finishedAt === undefined ? {} : { finishedAt: iso(pipeline.finishedAt) }),
    ...(parent ? { parent: parent.of.id } : {}),
    jobs: pipeline.parts.map((part) => ({
      ...{ id: part.id, name: part.name, kind: part.kind, status: part.status },
      retried: part.retried,
    })),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
