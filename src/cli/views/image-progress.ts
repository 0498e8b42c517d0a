import { createLogUpdate } from 'log-update';
import type { LineStatus } from '../../domain/images/result.js';
import { formatDuration } from '../../report/format.js';
import { countCells, missingFor } from '../../report/images/matrix.js';
import type { Colours } from '../output.js';
import { cut } from './text.js';

/** A line on how a check goes on, rewritten on a terminal. */
export interface ImageProgress {
  show(status: LineStatus): void;
  /** Writes something above the line. */
  above(write: () => void): void;
  close(): void;
}

export function imageProgress(stream: NodeJS.WriteStream, colours: Colours): ImageProgress {
  const update = createLogUpdate(stream);
  const since = Date.now();
  let last: LineStatus | undefined;
  const draw = () => {
    if (!last) return;
    update(
      cut(progressLine(last, colours, Date.now() - since), Math.max(20, stream.columns || 80) - 1),
    );
  };
  // Between two looks the clock goes on.
  const timer = setInterval(draw, 1_000);
  return {
    show: (status) => {
      last = status;
      draw();
    },
    above: (write) => {
      update.clear();
      write();
      draw();
    },
    close: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

/** `2 building, 3 waiting, 1 to be tried again  1m 20s` */
export function progressLine({ cells }: LineStatus, colours: Colours, elapsed: number): string {
  const count = (what: ReturnType<typeof missingFor>) =>
    cells.filter((cell) => missingFor(cell) === what).length;
  const [waiting, failing] = [count('turn'), count('retry')];
  const parts = [
    colours.cyan(`${countCells(cells).building} building`),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(failing > 0 ? [colours.yellow(`${failing} to be tried again`)] : []),
  ];
  return `${parts.join(', ')}  ${colours.dim(formatDuration(elapsed))}`;
}
