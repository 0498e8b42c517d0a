import type { JsonObject } from '../json.js';
import { EvaluationFailure, PolicyEvaluationError } from '../errors.js';
import type { ValueMap } from '../python/value.js';
import { expandVariables } from '../variables.js';
import type { Variables } from '../variables.js';
import { describeFilter } from './describe.js';
import { compileMarkedForOp } from './marked-for-op.js';
import type { Resource } from './resource.js';
import { compileAgeFilter, latestSnapshots } from './snapshot.js';
import { filterSchema } from './syntax.js';
import type { Filter, ResourceCountFilter } from './syntax.js';
import { applyOperator } from './operators.js';
import { compileValueFilter } from './value.js';

export interface FilterContext extends Variables {
  policy: string;
  now: Date;
}

/** Keeps the resources that a filter selects, in their order. */
export type Selector = <T extends JsonObject>(resources: readonly Resource<T>[]) => Resource<T>[];

export function compileFilter(filter: Filter, context: FilterContext): Selector {
  return compileExpanded(filterSchema.parse(expandVariables(filter, context)), context);
}

function compileExpanded(filter: Filter, context: FilterContext): Selector {
  switch (filter.kind) {
    case 'and':
    case 'or':
    case 'not':
      return compileBlock(
        filter.kind,
        filter.filters.map((part) => compileExpanded(part, context)),
      );
    case 'value':
      return each(filter, context, compileValueFilter(filter, context.now));
    case 'age':
      return each(filter, context, compileAgeFilter(filter, context.now));
    case 'marked-for-op':
      return each(filter, context, compileMarkedForOp(filter, context.now));
    case 'resource-count':
      return (resources) => (countHolds(filter, resources.length) ? [...resources] : []);
    case 'latest':
      return (resources) => explaining(filter, context, () => latestSnapshots(filter, resources));
  }
}

function compileBlock(kind: 'and' | 'or' | 'not', parts: readonly Selector[]): Selector {
  if (kind === 'or') {
    return (resources) => {
      const kept = new Set(parts.flatMap((select) => select(resources)));
      return resources.filter((resource) => kept.has(resource));
    };
  }
  const all: Selector = (resources) => parts.reduce((left, select) => select(left), [...resources]);
  if (kind === 'and') return all;
  // Not all of them: what falls out anywhere is kept.
  return (resources) => {
    const fallen = new Set(all(resources));
    return resources.filter((resource) => !fallen.has(resource));
  };
}

function each(
  filter: Filter,
  context: FilterContext,
  test: (fields: ValueMap) => boolean,
): Selector {
  return (resources) =>
    resources.filter(({ fields, name }) => explaining(filter, context, () => test(fields), name));
}

function countHolds({ op, value }: ResourceCountFilter, count: number): boolean {
  return applyOperator(op, count, value);
}

function explaining<R>(
  filter: Filter,
  { policy }: FilterContext,
  run: () => R,
  resource?: string,
): R {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    const where = { policy, filter: describeFilter(filter) };
    throw new PolicyEvaluationError(
      resource === undefined ? where : { ...where, resource },
      error.message,
    );
  }
}
