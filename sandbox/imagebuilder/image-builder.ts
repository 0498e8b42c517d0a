import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import type { Images } from '../ec2/images/images.js';
import { cancelImageCreation, startImagePipelineExecution } from './actions/executions.js';
import {
  getImage,
  getImagePipeline,
  listImagePipelineImages,
  listImagePipelines,
  listWorkflowExecutions,
} from './actions/read.js';
import type { Parts } from './actions/action.js';
import { Lifecycle } from './lifecycle.js';
import { Pipeline } from './pipeline.js';
import type { PlacedPipeline } from './pipeline-schema.js';
import { ImageBuilderService, type Route } from './service.js';
import { BuilderStore } from './store.js';
import { BuilderTokens } from './tokens.js';

export interface ImageBuilderOptions {
  clock: Clock;
  timeline: Timeline;
  /** EC2's, where the AMIs go that come out. */
  images: Images;
}

/** The sandbox's EC2 Image Builder. */
export class ImageBuilder {
  readonly store = new BuilderStore();
  readonly service: ImageBuilderService;

  constructor(private readonly options: ImageBuilderOptions) {
    const { clock, timeline, images } = options;
    const parts: Parts = {
      store: this.store,
      lifecycle: new Lifecycle({ timeline, images }),
      tokens: new BuilderTokens(),
    };
    this.service = new ImageBuilderService(() => clock.now(), routesOf(parts));
  }

  /** Puts a pipeline there. */
  seed(accountId: string, spec: PlacedPipeline): Pipeline {
    const pipeline = new Pipeline(accountId, { ...spec }, this.options.clock.now());
    this.store.addPipeline(pipeline);
    return pipeline;
  }
}

function routesOf(parts: Parts): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ['ListImagePipelines', { method: 'POST', run: listImagePipelines(parts) }],
    ['GetImagePipeline', { method: 'GET', run: getImagePipeline(parts) }],
    ['StartImagePipelineExecution', { method: 'PUT', run: startImagePipelineExecution(parts) }],
    ['GetImage', { method: 'GET', run: getImage(parts) }],
    ['ListImagePipelineImages', { method: 'POST', run: listImagePipelineImages(parts) }],
    ['CancelImageCreation', { method: 'PUT', run: cancelImageCreation(parts) }],
    ['ListWorkflowExecutions', { method: 'POST', run: listWorkflowExecutions(parts) }],
  ]);
}
