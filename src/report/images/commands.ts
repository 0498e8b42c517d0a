import type { Cell, LineName } from '../../domain/images/cell.js';
import { plainText } from '../wrap-text.js';

/** Has a line try an image again that it gave up. */
export function releaseCommand(name: LineName, { evr, os, arch }: Cell): string {
  return command('release', name, '--version', evr, '--os', os, '--arch', arch);
}

/** Lets go the images that a line's first check held back. */
export function approveCommand(name: LineName): string {
  return command('check', name, '--approve');
}

export function statusCommand(name: LineName): string {
  return command('status', name);
}

function command(verb: string, { line, channel }: LineName, ...rest: string[]): string {
  const words = ['nightshift', 'images', verb, line, '--channel', channel, ...rest];
  return words.map((word) => quoted(plainText(word))).join(' ');
}

/** A mirror may call a version what it likes: copied into a shell it must stay one word, and do nothing. */
function quoted(word: string): string {
  return /^[\w.,:+@%^/-][\w.,:+@%^/~-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
