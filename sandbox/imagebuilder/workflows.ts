import { createHash } from 'node:crypto';
import type { BuilderImage } from './builder-image.js';

const workflows = [
  { type: 'BUILD', name: 'build-image', from: 'BUILDING', until: ['TESTING'] },
  { type: 'TEST', name: 'test-image', from: 'TESTING', until: ['DISTRIBUTING'] },
  {
    type: 'DISTRIBUTION',
    name: 'distribute-image',
    from: 'DISTRIBUTING',
    until: ['AVAILABLE'],
  },
] as const;

const ends = new Set<string>(['AVAILABLE', 'FAILED', 'CANCELLED']);

/** The workflows that an execution has begun: one to build, one to test, one to distribute. */
export function shownWorkflows(image: BuilderImage) {
  const { region } = image.pipeline.spec;
  return workflows.flatMap(({ type, name, from, until }) => {
    const start = image.states.find(({ state }) => state === from);
    if (!start) return [];
    const isEnd = (state: string) => ends.has(state) || until.some((each) => each === state);
    const end = image.states.find(({ state }) => isEnd(state));
    const digest = createHash('sha256').update(`${image.arn}/${type}`).digest('hex');
    return {
      workflowBuildVersionArn: `arn:aws:imagebuilder:${region}:aws:workflow/${type.toLowerCase()}/${name}/1.0.0/1`,
      workflowExecutionId: `wf-${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`,
      type,
      status: statusOf(end?.state),
      ...(end?.state === 'FAILED' ? { message: image.reason } : {}),
      startTime: new Date(start.since).toISOString(),
      ...(end ? { endTime: new Date(end.since).toISOString() } : {}),
    };
  });
}

function statusOf(end: string | undefined): string {
  if (end === undefined) return 'RUNNING';
  return end === 'FAILED' || end === 'CANCELLED' ? end : 'COMPLETED';
}
