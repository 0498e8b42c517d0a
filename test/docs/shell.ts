/** One command of a shell script: its words, without variables that are set in front of it. */
export type Words = string[];

/** The commands of a script as its reader types them: continued lines joined, comments gone, `&&` and `|` split. */
export function commandsOf(script: string): Words[] {
  return script
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => splitCommands(wordsOf(line)))
    .map(withoutParentheses)
    .map(withoutAssignments)
    .filter((words) => words.length > 0);
}

const token = /"((?:\\.|[^"\\])*)"|'([^']*)'|(\s+)|(#.*$)|(&&|\|\||[|;])|([^\s"'|;&]+|&)/g;

/** Words of a line; an operator is a word of its own, marked by being wrapped in spaces. */
function wordsOf(line: string): Words {
  const words: Words = [];
  let open = false;
  for (const [text, double, single, space, comment, operator] of line.matchAll(token)) {
    const isComment = comment !== undefined && !open;
    if (isComment) break;
    if (space !== undefined) open = false;
    else if (operator !== undefined) {
      words.push(` ${operator} `);
      open = false;
    } else {
      const value = double ?? single ?? text;
      if (open) words.push((words.pop() ?? '') + value);
      else words.push(value);
      open = true;
    }
  }
  return words;
}

function splitCommands(words: Words): Words[] {
  const commands: Words[] = [[]];
  for (const word of words) {
    if (word.startsWith(' ')) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands;
}

/** A command of a subshell, `(cd examples && …)`, is one like any. */
function withoutParentheses(words: Words): Words {
  const last = words.length - 1;
  return words.map((word, index) => {
    const opened = index === 0 ? word.replace(/^\(/, '') : word;
    return index === last && !opened.includes('(') ? opened.replace(/\)$/, '') : opened;
  });
}

/** `A=b command` is `command`; `a=$(command …)` is a value that stays unlooked at. */
function withoutAssignments(words: Words): Words {
  if (/^\w+=\$\(/.test(words[0] ?? '')) return [];
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  return first < 0 ? [] : words.slice(first);
}

/** Value of an option, given as `--name value` or `--name=value`. */
export function optionOf(words: Words, name: string): string | undefined {
  const joined = words.find((word) => word.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}
