import { createHash } from 'node:crypto';
import type { Timeline } from '../core/timeline.js';
import type { Images } from '../ec2/images/images.js';
import type { BuilderImage } from './builder-image.js';
import type { PipelineFailure, WorkState } from './pipeline-schema.js';

export interface LifecycleOptions {
  timeline: Timeline;
  /** Where the AMIs go. */
  images: Images;
}

/** When each state begins, as a share of the execution's time. */
const begins: readonly (readonly [WorkState, number])[] = [
  ['CREATING', 0.02],
  ['BUILDING', 0.05],
  ['TESTING', 0.6],
  ['DISTRIBUTING', 0.8],
  ['INTEGRATING', 0.98],
];

/** Takes executions through their states. */
export class Lifecycle {
  constructor(private readonly options: LifecycleOptions) {}

  start(image: BuilderImage): void {
    const failure = image.pipeline.nextFailure();
    begins.forEach(([state, share], index) => {
      this.at(image, share, (time) => image.enter(state, time));
      if (failure?.during !== state) return;
      const end = begins[index + 1]?.[1] ?? 1;
      this.at(image, (share + end) / 2, (time) => this.fail(image, time, failure));
    });
    this.at(image, 1, (time) => {
      this.makeAmis(image, [image.pipeline.spec.region, ...image.pipeline.spec.regions], time);
      image.enter('AVAILABLE', time);
    });
  }

  cancel(image: BuilderImage, time: number): void {
    image.enter('CANCELLED', time);
  }

  private at(image: BuilderImage, share: number, happen: (time: number) => void): void {
    const due = image.startedAt + share * image.pipeline.spec.seconds * 1000;
    this.options.timeline.at(due, (time) => {
      if (!image.hasEnded) happen(time);
    });
  }

  private fail(image: BuilderImage, time: number, failure: PipelineFailure): void {
    // What was distributed by then stays where it is: the AMI of the pipeline's own region.
    if (failure.during === 'DISTRIBUTING' || failure.during === 'INTEGRATING')
      this.makeAmis(image, [image.pipeline.spec.region], time);
    image.enter('FAILED', time, failure.reason ?? defaultReason(image, failure.during));
  }

  private makeAmis(image: BuilderImage, regions: readonly string[], createdAt: number): void {
    const { accountId, spec, recipe } = image.pipeline;
    const stamp = new Date(image.startedAt).toISOString().replaceAll(':', '-');
    const name = `${recipe} ${stamp} ${image.build}`;
    for (const region of regions) {
      const { id } = this.options.images.makeImage({
        account: accountId,
        region,
        name,
        createdAt,
        architecture: spec.architecture,
        tags: {
          ...spec.amiTags,
          ...image.tags,
          CreatedBy: 'EC2 Image Builder',
          Ec2ImageBuilderArn: image.arn,
        },
      });
      image.amis.push({ region, image: id, name, accountId });
    }
  }
}

function defaultReason({ arn }: BuilderImage, state: WorkState): string {
  const digest = createHash('sha256').update(arn).digest('hex');
  const execution = [8, 12, 16, 20, 32].map((end, index, ends) =>
    digest.slice(ends[index - 1] ?? 0, end),
  );
  return `SSM execution '${execution.join('-')}' failed with status = 'Failed' in state = '${state}' and failure message = 'Step fails when it is verifying the command has completed.'`;
}
