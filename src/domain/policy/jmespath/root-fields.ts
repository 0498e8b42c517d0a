import type { Expression } from './expression.js';
import { childrenOf } from './functions.js';

/**
 * The fields of the document itself that an expression reads; undefined when it reads the document
 * as a whole (`@`, `*`), so that they can't be told.
 */
export function rootFields(expression: Expression): Set<string> | undefined {
  switch (expression.type) {
    case 'Field':
      return new Set([expression.name]);
    case 'Literal':
    // Evaluated for the items of an array, not for the document.
    case 'ExpressionReference':
      return new Set();
    case 'Identity':
    case 'Current':
    case 'Index':
    case 'Slice':
      return undefined;
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
    case 'Projection':
    case 'ValueProjection':
    case 'FilterProjection':
      // What follows reads from the result of the first, not from the document.
      return rootFields(expression.children[0]);
    case 'Flatten':
    case 'NotExpression':
    case 'OrExpression':
    case 'AndExpression':
    case 'Comparator':
    case 'MultiSelectList':
    case 'MultiSelectHash':
    case 'Function':
      return unite(childrenOf(expression).map(rootFields));
  }
}

function unite(sets: (Set<string> | undefined)[]): Set<string> | undefined {
  return sets.reduce(
    (all, fields) => (all && fields ? new Set([...all, ...fields]) : undefined),
    new Set<string>(),
  );
}
