import { EvaluationFailure } from '../errors.js';
import { JmespathProblem } from './expression.js';
import type { Expression } from './expression.js';
import { nameOfType, takes } from './function-types.js';
import type { Argument, ParameterType } from './function-types.js';
import { arrayFunctions } from './array-functions.js';
import { scalarFunctions } from './scalar-functions.js';
import type { Value } from '../python/value.js';

export interface JmespathFunction {
  parameters: readonly ParameterType[];
  /** Takes more arguments like the last. */
  variadic?: boolean;
  /** Is given arguments of the types that it asks for. */
  run: (...args: Argument[]) => Value;
}

/** Those of JMESPath, with Custodian's `split` and `from_json`. */
const functions = new Map<string, JmespathFunction>(
  Object.entries({ ...scalarFunctions, ...arrayFunctions }),
);

export function callFunction(name: string, args: Argument[]): Value {
  const called = functions.get(name);
  if (!called) throw new EvaluationFailure(`there is no function ${name}`);
  called.parameters.forEach((type, index) => {
    const arg = args[index];
    if (arg !== undefined && takes(type, arg)) return;
    throw new EvaluationFailure(`${name}() takes ${type}, not ${nameOfType(arg)}`);
  });
  return called.run(...args);
}

/** Throws JmespathProblem for a call that can never succeed. */
export function checkCalls(expression: Expression): void {
  if (expression.type === 'Function') {
    const called = functions.get(expression.name);
    if (!called) {
      throw new JmespathProblem(
        `there is no function ${expression.name}; there are ${[...functions.keys()].sort().join(', ')}`,
      );
    }
    const { length } = expression.children;
    const wanted = called.parameters.length;
    if (called.variadic ? length < wanted : length !== wanted) {
      throw new JmespathProblem(`${expression.name}() takes ${wanted} arguments, not ${length}`);
    }
  }
  for (const child of childrenOf(expression)) checkCalls(child);
}

export function childrenOf(expression: Expression): readonly Expression[] {
  if (expression.type === 'MultiSelectHash') return expression.children.map(({ value }) => value);
  if (!('children' in expression) || expression.type === 'Slice') return [];
  return expression.children;
}
