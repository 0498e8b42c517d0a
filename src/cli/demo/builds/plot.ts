import type { Output } from '../../output.js';
import type { Plot } from '../accident.js';
import { formatBytes } from './format-bytes.js';
import type { Standing } from './standing.js';

export interface Roles {
  /** The one with the long log, and how long that is at least. */
  long: { name: string; bytes: number };
  /** The one that is to be cancelled. */
  endless: string;
  /** As a person does in Buildkite. */
  cancel: () => Promise<void>;
}

/** The worker is killed when this share of the long log has arrived. */
const killAt = 0.25;

/** The worker dies in the middle of a long log, another one goes on with it, and is told of a cancel. */
export function buildsPlot(
  { long, endless, cancel }: Roles,
  output: Output,
): Plot<readonly Standing[]> {
  return {
    isMoment: (standings) => {
      const { arrived = 0 } = standingOf(standings, long.name) ?? {};
      const { stage, arrived: said = 0 } = standingOf(standings, endless) ?? {};
      return stage === 'running' && said > 0 && arrived >= killAt * long.bytes;
    },
    story: (standings, successor) => {
      const underWay = standings.filter(({ stage }) => stage === 'running').length;
      const { arrived = 0 } = standingOf(standings, long.name) ?? {};
      return {
        when: `${formatBytes(arrived)} into the log of ${long.name}`,
        meaning:
          `${underWay} builds and jobs were under way. CodeBuild goes on with them, Buildkite gives an agent three minutes, ` +
          'and Temporal remembers how far each log had come. Worker ' +
          `${successor.number} (process ${successor.process.pid}) starts now, and goes on from there.`,
      };
    },
    // Nobody but the other worker hands on a log any more.
    isTakenOver: (standings, first) => arrivedOf(standings) > arrivedOf(first),
    afterwards: async () => {
      await cancel();
      output.print(
        output.paint.yellow(`! ${endless} is cancelled in Buildkite, as a person would do it.\n`),
      );
    },
  };
}

function arrivedOf(standings: readonly Standing[]): number {
  return standings.reduce((sum, { arrived }) => sum + arrived, 0);
}

function standingOf(standings: readonly Standing[], name: string): Standing | undefined {
  return standings.find((standing) => standing.name === name);
}
