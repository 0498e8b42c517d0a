import { createLogUpdate } from 'log-update';
import type { RunProgress } from '../../domain/cleanup/progress.js';
import { formatDuration } from '../../report/format.js';
import { coloursFor } from '../output.js';
import { bar } from './text.js';

/** Where nobody watches a line change, one is written so often, in milliseconds. */
const lineEvery = 15_000;

/** Shows how far a plan is: a line that is rewritten on a terminal, one now and then elsewhere. */
export function planningView(stream: NodeJS.WriteStream): {
  show(progress: RunProgress): void;
  close(): void;
} {
  const started = Date.now();
  const counted = ({ targets }: RunProgress) => {
    const planned = targets.filter(({ phase }) => phase === 'planned' || phase === 'done').length;
    return { planned, total: targets.length };
  };
  if (!stream.isTTY) {
    let last = started;
    return {
      show: (progress) => {
        if (Date.now() - last < lineEvery) return;
        last = Date.now();
        const { planned, total } = counted(progress);
        stream.write(`planning: ${planned} of ${total} targets looked at\n`);
      },
      close: () => undefined,
    };
  }
  const update = createLogUpdate(stream);
  const colours = coloursFor(stream);
  return {
    show: (progress) => {
      const { planned, total } = counted(progress);
      const text =
        total === 0
          ? 'looking the accounts up'
          : `${bar(planned, total, 20, colours)} ${planned} of ${total} targets looked at`;
      update(`Planning  ${text}  ${colours.dim(formatDuration(Date.now() - started))}`);
    },
    close: () => {
      update.clear();
      update.done();
    },
  };
}
