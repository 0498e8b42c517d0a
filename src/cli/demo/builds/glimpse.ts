import { stripVTControlCharacters } from 'node:util';
import type { BuildHandle } from '../../../client/index.js';
import { containerMark } from '../../build/lines.js';
import type { Output } from '../../output.js';
import { cut } from '../../views/text.js';
import { widthFor } from '../lines.js';
import { unlessStopped } from '../stopping.js';

/** Lines that are shown, and milliseconds that it may take. */
const most = 14;
const longest = 60_000;

/** Shows the first lines of a build's log as they come; those of CodeBuild's own but for its phases are left out. */
export async function glimpse(
  build: BuildHandle,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(longest);
  const over = AbortSignal.any([signal, late]);
  try {
    await unlessStopped(over, showLines(build, output, over));
  } catch (error) {
    // A log that takes its time is no failure: the demo goes on with the others.
    if (signal.aborted || !late.aborted) throw error;
  }
}

async function showLines(build: BuildHandle, output: Output, signal: AbortSignal): Promise<void> {
  let rest = '';
  let shown = 0;
  for await (const { events } of build.logs({ signal })) {
    const lines = (rest + events.map(({ message }) => message).join('')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.map(inShort)) {
      if (line === '' || signal.aborted) continue;
      output.print(shownLine(line, output));
      shown += 1;
      if (shown === most) return;
    }
  }
}

/** `[Container] 2026/11/21 06:00:00.123456 Entering phase BUILD` → `Entering phase BUILD` */
function inShort(line: string): string {
  if (!line.startsWith(containerMark)) return line;
  return /Entering phase \w+/.exec(line)?.[0] ?? '';
}

function shownLine(line: string, output: Output): string {
  const { paint } = output;
  const text = (paint.isColorSupported ? line : stripVTControlCharacters(line)).trimEnd();
  // What is cut may have ended a colour.
  return `  ${paint.dim('│')} ${paint.reset(cut(text, widthFor(output) - 4))}`;
}
