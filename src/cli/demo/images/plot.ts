import type { Plot } from '../accident.js';
import { plural } from '../../../report/format.js';
import { builtSoFar } from './acts.js';
import type { Standing } from './standing.js';

/** The worker dies with images in all stages, and another one goes on. @param isReady whether all else has happened */
export function imagesPlot(isReady: () => boolean): Plot<Standing> {
  return {
    isMoment: (standing) => {
      const { builds, copies } = standing;
      const built = builtSoFar(standing);
      // Best while one is being copied; but none may be at work when too many are done.
      return isReady() && built >= 4 && ((builds >= 2 && copies >= 1) || built >= 6);
    },
    story: ({ builds, copies }, successor) => ({
      when: `${plural(builds, 'build')} and ${plural(copies, 'copy', 'copies')} under way`,
      meaning:
        'CodeBuild and EC2 go on with them, and Temporal remembers how far each image had come. ' +
        `Worker ${successor.number} (process ${successor.process.pid}) starts now: it follows the same builds to their end, ` +
        'waits for the same copies, and begins none of them again.',
    }),
    // Nobody but the other worker says how the line stands.
    isTakenOver: () => true,
  };
}
