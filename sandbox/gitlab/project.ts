import type { Timeline } from '../core/timeline.js';
import type { ImageMaker } from '../packer/image-maker.js';
import { invalid, notFound } from './refusal.js';
import { Lifecycle } from './pipelines/lifecycle.js';
import { type Bridge, type Job, Pipeline, type PipelineOptions } from './pipelines/pipeline.js';
import { SecureFiles } from './secure-files/secure-files.js';
import type { GitlabProjectSpec, GitlabSettings } from './settings.js';

export interface Surroundings {
  timeline: Timeline;
  settings: GitlabSettings;
  nextId: (kind: 'pipeline' | 'job' | 'file') => number;
  makeImage: ImageMaker;
}

/** A project: its secure files and its pipelines. */
export class Project {
  readonly secureFiles: SecureFiles;
  readonly lifecycle: Lifecycle;
  private readonly pipelines: Pipeline[] = [];

  constructor(
    readonly spec: GitlabProjectSpec,
    private readonly around: Surroundings,
  ) {
    const { settings, timeline, nextId, makeImage } = around;
    const limits = { files: settings.secureFileLimit, bytes: settings.secureFileBytes };
    this.secureFiles = new SecureFiles(() => nextId('file'), limits);
    this.lifecycle = new Lifecycle({
      timeline,
      makeImage,
      nextId: () => nextId('job'),
      startChild: (options) => this.put(options),
    });
  }

  /** Starts a pipeline as somebody asked. */
  create(asked: Omit<PipelineOptions, 'id' | 'iid' | 'behaviour'>): Pipeline {
    const { refs, defaultBranch, pipelines } = this.spec;
    if (refs && asked.ref !== defaultBranch && !refs.includes(asked.ref))
      throw invalid('base', 'Reference not found');
    const behaviour = pipelines.find(({ when }) =>
      Object.entries(when).every(([name, value]) =>
        asked.variables.some((variable) => variable.key === name && variable.value === value),
      ),
    );
    if (!behaviour)
      throw invalid(
        'base',
        'The resulting pipeline would have been empty. Review the rules configuration for the relevant jobs.',
      );
    return this.put({ ...asked, behaviour });
  }

  pipeline(id: number): Pipeline {
    const pipeline = this.pipelines.find((candidate) => candidate.id === id);
    if (!pipeline) throw notFound();
    return pipeline;
  }

  /** Oldest first, children included. */
  all(): readonly Pipeline[] {
    return this.pipelines;
  }

  job(id: number): { pipeline: Pipeline; job: Job } {
    const { pipeline, part } = this.part(id);
    if (part.kind !== 'job') throw notFound();
    return { pipeline, job: part };
  }

  private part(id: number): { pipeline: Pipeline; part: Job | Bridge } {
    for (const pipeline of this.pipelines) {
      const part = pipeline.parts.find((candidate) => candidate.id === id);
      if (part) return { pipeline, part };
    }
    throw notFound();
  }

  private put(options: Omit<PipelineOptions, 'id' | 'iid'>): Pipeline {
    const id = this.around.nextId('pipeline');
    const pipeline = new Pipeline({ ...options, id, iid: this.pipelines.length + 1 });
    this.pipelines.push(pipeline);
    this.lifecycle.start(pipeline, options.createdAt);
    return pipeline;
  }
}
