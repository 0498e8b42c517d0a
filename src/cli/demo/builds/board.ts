import { createLogUpdate } from 'log-update';
import { formatClock } from '../../../report/format.js';
import type { Colours, Output } from '../../output.js';
import { renderTable } from '../../views/table.js';
import { cut } from '../../views/text.js';
import { formatBytes } from './format-bytes.js';
import type { Standing } from './standing.js';

/** Shows how all stand while they go on. */
export interface Board {
  show(standings: readonly Standing[]): void;
  /** Leaves what is shown where it stands, and shows no more until `resume`: somebody has something to say. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** A table that is drawn over and over on a terminal; elsewhere a line for each beginning and end. */
export function boardFor(output: Output): Board {
  const isScreen = process.stdout.isTTY && process.stderr.isTTY;
  return isScreen
    ? liveBoard(process.stderr, output.tint)
    : lineBoard((line) => output.print(line));
}

function liveBoard(stream: NodeJS.WriteStream, colours: Colours): Board {
  const update = createLogUpdate(stream);
  let last: readonly Standing[] = [];
  let isPaused = false;
  const draw = () => {
    if (!isPaused && last.length > 0) update(renderBoard(last, stream.columns, colours));
  };
  stream.on('resize', draw);
  return {
    show: (standings) => {
      last = standings;
      draw();
    },
    pause: () => {
      isPaused = true;
      update.done();
    },
    resume: () => {
      isPaused = false;
      draw();
    },
    close: () => {
      stream.off('resize', draw);
      update.done();
    },
  };
}

/** The table, in lines of less than so many columns. */
export function renderBoard(
  standings: readonly Standing[],
  columns: number,
  colours: Colours,
): string {
  const rows = standings.map(({ name, via, stage, state, arrived }) => [
    name,
    via,
    colourOf(stage, state, colours)(state),
    formatBytes(arrived).padStart(10),
  ]);
  const [head = '', ...lines] = renderTable(
    ['JOB', 'VIA', 'STATE', 'LOG'.padStart(10)],
    rows,
  ).split('\n');
  return [colours.dim(head), ...lines].map((line) => cut(`  ${line}`, columns - 1)).join('\n');
}

function colourOf(stage: Standing['stage'], state: string, colours: Colours) {
  if (stage === 'waiting') return colours.dim;
  if (stage === 'running') return colours.cyan;
  return (
    { passed: colours.green, SUCCEEDED: colours.green, canceled: colours.yellow }[state] ??
    colours.red
  );
}

/** @param line prints one */
export function lineBoard(line: (text: string) => void, now: () => number = Date.now): Board {
  const told = new Map<string, Standing['stage']>();
  return {
    show: (standings) => {
      for (const { name, stage, state, arrived } of standings) {
        if (stage === 'waiting' || told.get(name) === stage) continue;
        told.set(name, stage);
        const what = stage === 'running' ? 'runs' : `${state}, ${formatBytes(arrived)} of log`;
        line(`${formatClock(now())} ${name} ${what}`);
      }
    },
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
  };
}
