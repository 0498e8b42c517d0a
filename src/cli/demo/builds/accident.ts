import type { Output } from '../../output.js';
import { tellOfKill, tellOfTakeover } from '../lines.js';
import type { DemoWorker } from '../processes.js';
import type { Board } from './board.js';
import { formatBytes } from './format-bytes.js';
import type { Standing } from './standing.js';

export interface AccidentOptions {
  /** The one with the long log, and how long that is at least. */
  long: { name: string; bytes: number };
  /** The one that is to be cancelled. */
  endless: string;
  /** Kills the worker that is at work, and starts another. */
  replaceWorker: () => Promise<{ killed: number; successor: DemoWorker }>;
  /** As a person does in Buildkite. */
  cancel: () => Promise<void>;
  board: Board;
  output: Output;
}

/** The worker is killed when this share of the long log has arrived. */
const killAt = 0.25;

interface Strike {
  /** Milliseconds since the epoch. */
  at: number;
  /** Number of the worker that is to take over. */
  successor: number;
  /** Bytes of all logs that had arrived by then. */
  arrived?: number;
}

/** What the demo is about: the worker dies amid the work, another one goes on, and is told of a cancel. */
export class Accident {
  private strike: Strike | undefined;
  private isOver = false;

  constructor(private readonly options: AccidentOptions) {}

  /** Whether the worker was killed, and another one has taken over. */
  get hasHappened(): boolean {
    return this.isOver;
  }

  /** Looks at how all stand, and does what is due. */
  async see(standings: readonly Standing[]): Promise<void> {
    if (this.isOver) return;
    if (!this.strike) {
      if (this.isMoment(standings)) await this.kill(standings);
    } else await this.seeTakeover(this.strike, standings);
  }

  private isMoment(standings: readonly Standing[]): boolean {
    const { long, endless } = this.options;
    const { arrived = 0 } = standingOf(standings, long.name) ?? {};
    const { stage, arrived: said = 0 } = standingOf(standings, endless) ?? {};
    return stage === 'running' && said > 0 && arrived >= killAt * long.bytes;
  }

  private async kill(standings: readonly Standing[]): Promise<void> {
    const { long, board, output } = this.options;
    board.pause();
    const at = Date.now();
    const { killed, successor } = await this.options.replaceWorker();
    const underWay = standings.filter(({ stage }) => stage === 'running').length;
    const { arrived = 0 } = standingOf(standings, long.name) ?? {};
    tellOfKill(
      killed,
      `${formatBytes(arrived)} into the log of ${long.name}`,
      `${underWay} builds and jobs were under way. CodeBuild goes on with them, Buildkite gives an agent three minutes, ` +
        'and Temporal remembers how far each log had come. Worker ' +
        `${successor.number} (process ${successor.process.pid}) starts now, and goes on from there.`,
      output,
    );
    this.strike = { at, successor: successor.number };
    board.resume();
  }

  /** Nobody but the other worker hands on a log any more. */
  private async seeTakeover(strike: Strike, standings: readonly Standing[]): Promise<void> {
    const arrived = standings.reduce((sum, standing) => sum + standing.arrived, 0);
    strike.arrived ??= arrived;
    if (arrived <= strike.arrived) return;
    this.isOver = true;
    const { board, output, cancel, endless } = this.options;
    board.pause();
    tellOfTakeover(strike.successor, Date.now() - strike.at, output);
    await cancel();
    output.print(
      output.paint.yellow(`! ${endless} is cancelled in Buildkite, as a person would do it.\n`),
    );
    board.resume();
  }
}

function standingOf(standings: readonly Standing[], name: string): Standing | undefined {
  return standings.find((standing) => standing.name === name);
}
