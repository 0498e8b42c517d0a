import type { TemporalTarget } from '../../src/temporal/index.js';
import { type Measurement, type NamedAim, withAims } from '../measurement.js';
import { withLine } from './line-stage.js';

const aims: readonly NamedAim[] = [
  { name: 'from metadata to plan, seconds', limit: 1, at: 'most' },
];

/** 200 versions × 4 base OSes × 2 architectures. */
const bench = {
  versions: Array.from({ length: 200 }, (_, index) => `16.${index}.0-1`),
  oses: 4,
  architectures: ['x86_64', 'aarch64'],
};

/** A check that builds nothing: from the moment at which the metadata is parsed to that at which it is answered. */
export async function benchPlan(server: TemporalTarget): Promise<Measurement[]> {
  return await withLine(server, bench, async ({ line, temporal }) => {
    const started = Date.now();
    const { cells } = await line.plan();
    const whole = (Date.now() - started) / 1000;
    const { events = [] } = await temporal.workflow.getHandle(line.workflowId).fetchHistory();
    const reads = events?.filter(
      ({ activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled?.activityType?.name === 'readSource',
    );
    const read = events?.find(({ activityTaskCompletedEventAttributes: completed }) =>
      reads?.some(({ eventId }) => String(completed?.scheduledEventId) === String(eventId)),
    );
    const answered = events?.find(
      ({ workflowExecutionUpdateCompletedEventAttributes: completed }) => completed,
    );
    return withAims(aims, [
      { name: 'cells', value: cells.length },
      { name: 'from metadata to plan, seconds', value: timeOf(answered) - timeOf(read) },
      { name: 'plan as a client sees it, seconds', value: whole },
      { name: 'history events', value: events?.length ?? 0 },
    ]);
  });
}

interface Timed {
  eventTime?: { seconds?: unknown; nanos?: number | null } | null;
}

function timeOf(event: Timed | undefined): number {
  if (!event?.eventTime) throw new Error('the history lacks an event that the bench looks for');
  return Number(event.eventTime.seconds) + (event.eventTime.nanos ?? 0) / 1e9;
}
