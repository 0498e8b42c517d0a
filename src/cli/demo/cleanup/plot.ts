import type { RunView } from '../../../client/index.js';
import { addCounts, openOf, settledOf } from '../../views/counts.js';
import type { Plot } from '../accident.js';

/** The worker is killed when this share of the work is done. */
const killAt = 0.5;

/** In the middle of the run the worker dies, and another one goes on. */
export const cleanupPlot: Plot<RunView> = {
  isMoment: ({ run, targets, stale }) => {
    if (stale || run.phase !== 'running') return false;
    const counts = addCounts(targets.values());
    // Not those that were left from the start: half of the work is meant.
    return counts.deleted >= killAt * (counts.deleted + counts.failed + openOf(counts));
  },
  story: ({ targets }, successor) => {
    const counts = addCounts(targets.values());
    const settled = settledOf(counts);
    return {
      when: `at ${settled} of ${settled + openOf(counts)}`,
      meaning:
        `${counts.deleting} deletes were under way. AWS goes on with them, and Temporal remembers all ` +
        `that was done. Worker ${successor.number} (process ${successor.process.pid}) starts now: it will ask AWS how those ` +
        'deletes stand and go on from there, without sending any of them twice.',
    };
  },
  isTakenOver: ({ stale }) => !stale,
};
