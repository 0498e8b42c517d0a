import { confirm, isCancel } from '@clack/prompts';

/** Asks on the terminal. No, unless somebody says yes; Ctrl-C and Escape are no, too. */
export async function confirmed(message: string): Promise<boolean> {
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  return !isCancel(answer) && answer;
}
