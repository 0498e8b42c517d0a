import jmespath from 'jmespath';
import { z } from 'zod';
import type { Expression } from './expression.js';
import { expressionSchema, JmespathProblem } from './expression.js';
import { checkCalls } from './functions.js';

// The library's types don't mention its parser.
const compiler = z.object({
  compile: z.custom<(text: string) => unknown>((value) => typeof value === 'function'),
});

/**
 * Parses a JMESPath expression; Nightshift evaluates it itself, since the library differs from
 * Python's in ordering, in text, and in how it sorts. Throws JmespathProblem.
 */
export function compileJmespath(text: string): Expression {
  const known = compiled.get(text);
  if (known) return known;
  const expression = parse(text);
  // Each policy has a few expressions; a worker that has seen very many starts over.
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(text, expression);
  return expression;
}

const compiled = new Map<string, Expression>();

function parse(text: string): Expression {
  if (text.trim() === '') throw new JmespathProblem('it is empty');
  // The library un-escapes only the first of these.
  if (/\\'.*\\'|\\`.*\\`/s.test(text)) {
    throw new JmespathProblem("more than one \\' or \\` isn't supported by Nightshift");
  }
  const tree = expressionSchema.safeParse(parseTree(text));
  if (!tree.success) throw new JmespathProblem('it is not JMESPath');
  checkCalls(tree.data);
  return tree.data;
}

function parseTree(text: string): unknown {
  try {
    return compiler.parse(jmespath).compile(text);
  } catch (error) {
    throw new JmespathProblem(error instanceof Error ? error.message : String(error));
  }
}
