import { QueryService, type QueryAction } from '../core/aws-query.js';
import type { BucketStore } from '../core/buckets.js';
import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';
import { describeStackEvents, describeStackResources, listStackResources } from './contents.js';
import { createStack } from './create-stack.js';
import { Creation } from './creating.js';
import { Deletion } from './deleting.js';
import { deleteStack } from './delete-stack.js';
import { listExports, listImports } from './exports.js';
import { describeAccountLimits } from './limits.js';
import { describeStacks, listStacks } from './listing.js';
import { updateTerminationProtection } from './protection.js';
import { defaultCloudFormationSettings, type CloudFormationSettings } from './settings.js';
import { Stacks } from './stacks.js';
import { getTemplate, getTemplateSummary } from './templates.js';
import { updateStack } from './update-stack.js';

export interface CloudFormationOptions {
  clock: Clock;
  timeline: Timeline;
  buckets: BucketStore;
  /** Whether a role is there for CloudFormation to assume. */
  roleExists: (arn: string) => boolean;
  settings?: CloudFormationSettings;
}

/** The sandbox's CloudFormation: its HTTP service, and the state behind it for seeding and for the admin API. */
export class CloudFormation {
  readonly stacks = new Stacks();
  readonly deletion: Deletion;
  readonly settings: CloudFormationSettings;
  readonly service: QueryService;

  constructor(readonly options: CloudFormationOptions) {
    this.settings = options.settings ?? defaultCloudFormationSettings;
    const { timeline, buckets } = options;
    const { stacks, settings } = this;
    this.deletion = new Deletion({ stacks, timeline, buckets, settings });
    this.service = new QueryService(
      ['cloudformation'],
      'http://cloudformation.amazonaws.com/doc/2010-05-15/',
      () => options.clock.now(),
      this.actions(),
      (parameters) => parameters.get('StackName') ?? parameters.get('ExportName') ?? undefined,
    );
  }

  private actions(): ReadonlyMap<string, QueryAction> {
    const { stacks, deletion, settings, options } = this;
    const { roleExists, timeline, buckets } = options;
    const creation = new Creation(stacks, timeline, buckets, settings);
    return new Map<string, QueryAction>([
      ['DescribeStacks', describeStacks(stacks, settings)],
      ['ListStacks', listStacks(stacks)],
      ['ListExports', listExports(stacks)],
      ['ListImports', listImports(stacks)],
      ['DescribeStackEvents', describeStackEvents(stacks)],
      ['DescribeStackResources', describeStackResources(stacks)],
      ['ListStackResources', listStackResources(stacks)],
      ['GetTemplate', getTemplate(stacks)],
      ['GetTemplateSummary', getTemplateSummary(stacks)],
      ['DescribeAccountLimits', describeAccountLimits(settings)],
      ['UpdateTerminationProtection', updateTerminationProtection(stacks)],
      ['CreateStack', createStack(stacks, creation, roleExists)],
      ['UpdateStack', updateStack(stacks, timeline, settings)],
      ['DeleteStack', deleteStack({ stacks, deletion, settings, roleExists })],
    ]);
  }
}
