import type { Command } from 'commander';
import { coloursFor } from '../../src/cli/output.js';
import { createProgram } from '../../src/cli/program.js';
import type { Words } from './shell.js';

const colours = coloursFor({ isTTY: false });
const program = createProgram({
  print: () => undefined,
  say: () => undefined,
  interactive: false,
  columns: 80,
  paint: colours,
  tint: colours,
});

/** A word that stands for what the reader puts there: `<run>`, `…`, `FILE`. */
const isPlaceholder = (word: string) => /^[<[].*[>\]]$|^…$|^[A-Z]+$/.test(word);

/**
 * What is wrong with the words after `nightshift`, by the options and arguments that are registered;
 * undefined when nothing is. A command may be named without its arguments, as prose does it.
 */
export function problemOf(words: Words, { inProse = false } = {}): string | undefined {
  let command: Command = program;
  const given: Words = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (isPlaceholder(word)) {
      given.push(word);
    } else if (word.startsWith('-')) {
      const problem = optionProblem(command, word, words[at + 1]);
      if (problem !== undefined) return problem;
      if (takesValue(command, word)) at += 1;
    } else if (command.commands.length > 0) {
      const child = command.commands.find((each) => each.name() === word);
      if (!child) return `${command.name()} has no command ${word}`;
      command = child;
    } else given.push(word);
  }
  if (inProse) return undefined;
  if (command.commands.length > 0 && given.length === 0 && words.length > 0 && !helps(words))
    return `${command.name()} needs a command`;
  const { registeredArguments: known } = command;
  const needed = known.filter(({ required }) => required).length;
  if (command.commands.length === 0 && (given.length < needed || given.length > known.length))
    return `${command.name()} takes ${needed} to ${known.length} arguments; was given ${given.length}`;
  return undefined;
}

const helps = (words: Words) => words.includes('--help') || words.includes('--version');

function optionProblem(
  command: Command,
  word: string,
  next: string | undefined,
): string | undefined {
  if (helps([word])) return undefined;
  const option = command.options.find(({ long, short }) => [long, short].includes(nameOf(word)));
  if (!option) return `${command.name()} has no option ${word}`;
  const value = word.includes('=') ? word.split('=')[1] : next;
  if (option.required && value === undefined) return `${word} needs a value`;
  if (option.argChoices && value !== undefined && !option.argChoices.includes(value))
    return `${word} takes ${option.argChoices.join(', ')}; was ${value}`;
  return undefined;
}

function takesValue(command: Command, word: string): boolean {
  const option = command.options.find(({ long, short }) => [long, short].includes(nameOf(word)));
  return Boolean(option?.required) && !word.includes('=');
}

const nameOf = (word: string) => word.split('=')[0];

/** Every command that does something: `cleanup run`. */
export function allCommands(of: Command = program, above: readonly string[] = []): string[] {
  return of.commands.flatMap((command) => {
    const names = [...above, command.name()];
    return command.commands.length > 0 ? allCommands(command, names) : [names.join(' ')];
  });
}
