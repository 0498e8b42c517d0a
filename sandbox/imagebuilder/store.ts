import type { BuilderImage } from './builder-image.js';
import type { Pipeline } from './pipeline.js';

/** The pipelines of every account and region, and what they have made. */
export class BuilderStore {
  private readonly pipelines = new Map<string, Pipeline>();
  private readonly images = new Map<string, BuilderImage>();

  addPipeline(pipeline: Pipeline): void {
    this.pipelines.set(pipeline.arn, pipeline);
  }

  addImage(image: BuilderImage): void {
    this.images.set(image.arn, image);
  }

  pipeline(arn: string): Pipeline | undefined {
    return this.pipelines.get(arn);
  }

  image(arn: string): BuilderImage | undefined {
    return this.images.get(arn);
  }

  allPipelines(): Pipeline[] {
    return [...this.pipelines.values()];
  }

  /** Oldest first. */
  allImages(): BuilderImage[] {
    return [...this.images.values()];
  }
}
