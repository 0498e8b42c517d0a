import { formatClock } from '../../../report/format.js';
import type { Colours } from '../../output.js';
import { renderTable } from '../../views/table.js';
import { cut } from '../../views/text.js';
import type { BoardLook } from '../board.js';
import { formatBytes } from './format-bytes.js';
import type { Standing } from './standing.js';

/** A table of all; where it can't be drawn over and over, a line for each beginning and end. */
export function standingsLook(now: () => number = Date.now): BoardLook<readonly Standing[]> {
  const told = new Map<string, Standing['stage']>();
  return {
    render: renderStandings,
    news: (standings) =>
      standings.flatMap(({ name, stage, state, arrived }) => {
        if (stage === 'waiting' || told.get(name) === stage) return [];
        told.set(name, stage);
        const what = stage === 'running' ? 'runs' : `${state}, ${formatBytes(arrived)} of log`;
        return [`${formatClock(now())} ${name} ${what}`];
      }),
  };
}

function renderStandings(
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
