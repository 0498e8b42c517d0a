import type { LineHandle } from '../../client/index.js';
import { exitCodes } from '../exit.js';
import { InterruptedError, interruptible } from '../interrupts.js';
import type { AtWork } from './line-command.js';

/** Waits for a line. A Ctrl-C ends the waiting, not what is waited for; it says how to look again. */
export async function unlessLeft(
  { line, session, output }: AtWork,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  try {
    return await interruptible(work);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    output.say(leaving(line, session.local));
    return exitCodes.interrupted;
  }
}

function leaving({ name: { line, channel } }: LineHandle, local: boolean): string {
  const flags = `--channel ${channel}${local ? ' --local' : ''}`;
  const again = local ? `check ${line} ${flags} --wait` : `status ${line} ${flags}`;
  return (
    `\nDetaching: ${line}/${channel} ${local ? 'waits for its worker, which ends now' : 'goes on'}.\n` +
    `Look again with: nightshift images ${again}`
  );
}
