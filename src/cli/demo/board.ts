import { createLogUpdate } from 'log-update';
import type { Colours, Output } from '../output.js';

/** Shows how things stand while they go on. */
export interface Board<State> {
  show(state: State): void;
  /** Leaves what is shown where it stands, and shows no more until `resume`: somebody has something to say. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** What a board shows. */
export interface BoardLook<State> {
  /** All of it, in lines of less than so many columns: for a terminal. */
  render: (state: State, columns: number, colours: Colours) => string;
  /** Tells what is new since the last time that it was asked, a line each: for anything else. */
  news: (state: State) => readonly string[];
}

/** A screen that is drawn over and over on a terminal; elsewhere a line for each thing that is new. */
export function boardFor<State>(look: BoardLook<State>, output: Output): Board<State> {
  const isScreen = process.stdout.isTTY && process.stderr.isTTY;
  return isScreen ? liveBoard(look, process.stderr, output.tint) : lineBoard(look, output);
}

function liveBoard<State>(
  { render }: BoardLook<State>,
  stream: NodeJS.WriteStream,
  colours: Colours,
): Board<State> {
  const update = createLogUpdate(stream);
  let last: { state: State } | undefined;
  let isPaused = false;
  const draw = () => {
    if (!isPaused && last) update(render(last.state, stream.columns, colours));
  };
  stream.on('resize', draw);
  return {
    show: (state) => {
      last = { state };
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

function lineBoard<State>({ news }: BoardLook<State>, output: Output): Board<State> {
  return {
    show: (state) => {
      for (const line of news(state)) output.print(line);
    },
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
  };
}
