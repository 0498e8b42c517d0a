import { approveCommand } from '../../../report/images/commands.js';
import type { Standing } from './standing.js';
import { earlier, laterVersions, mirror, product } from './cast.js';
import type { Stage } from './stage.js';

/** Something that happens while images are built. */
export interface Act {
  isDue(standing: Standing): boolean;
  /** Has it happen. Returns what to say of it. */
  play(): Promise<string>;
}

/** In this order: what the first check held back is let go, and the mirror gains versions. */
export function actsOf({ line, sandbox, demoLine, processes: { signal } }: Stage): Act[] {
  return [
    {
      isDue: (standing) => builtSoFar(standing) >= 1,
      play: async () => {
        const { started } = await line.check({ approve: true }, signal);
        return (
          `The other ${started.length} are approved, as a person does who has seen that the first are good: ` +
          approveCommand(demoLine)
        );
      },
    },
    {
      isDue: (standing) => builtSoFar(standing) >= 3,
      play: async () => {
        await sandbox.admin.addPackages(mirror, [{ name: product, versions: laterVersions }]);
        const { started } = await line.check({}, signal);
        return (
          `The mirror gains ${laterVersions.join(' and ')}. The next check, as a schedule starts it, sets ` +
          `${started.length} images to be built.`
        );
      },
    },
  ];
}

/** Images that Nightshift has built. */
export function builtSoFar({ status }: Standing): number {
  return status.cells.filter(({ state, evr }) => state === 'built' && evr !== earlier.evr).length;
}
