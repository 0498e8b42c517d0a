import { NightshiftError } from '../../../domain/errors.js';
import { cellName } from '../../../report/images/matrix.js';
import { Accident } from '../accident.js';
import { boardFor } from '../board.js';
import { paragraph } from '../lines.js';
import { watch } from '../watch.js';
import { actsOf } from './acts.js';
import { matrixLook } from './look.js';
import { imagesPlot } from './plot.js';
import type { Stage } from './stage.js';
import { type Standing, standingOf } from './standing.js';

/** How often a look that nobody answers is made again: the worker that is to answer is starting. */
const mostLooks = 12;

/**
 * Shows the line until each image is built or held; on the way others are approved, the mirror gains versions, and the
 * worker is killed. Returns whether that came about.
 */
export async function watchLine(stage: Stage): Promise<boolean> {
  const { output, processes } = stage;
  const board = boardFor(matrixLook(), output);
  const acts = actsOf(stage);
  const accident = new Accident(
    imagesPlot(() => acts.length === 0),
    stage,
    board,
  );
  const see = async (standing: Standing) => {
    const [act] = acts;
    if (!act?.isDue(standing)) return await accident.see(standing);
    acts.shift();
    board.pause();
    const text = await act.play();
    output.print(['', ...paragraph(`→ ${text}`, output, 0), ''].join('\n'));
    board.resume();
  };
  await watch({
    look: () => lookAgain(stage),
    board,
    see,
    open: ({ status }) => [
      ...status.cells
        .filter(({ state }) => state === 'missing' || state === 'building')
        .map(cellName),
      // Each act has another look behind it, and the accident comes last.
      ...(accident.hasHappened ? [] : ['the worker’s part']),
    ],
    signal: processes.signal,
  });
  return accident.hasHappened;
}

async function lookAgain({ line, sandbox, processes: { signal } }: Stage): Promise<Standing> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await standingOf(line, sandbox.admin, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (looks === mostLooks || !(error instanceof NightshiftError)) throw error;
    }
  }
}
