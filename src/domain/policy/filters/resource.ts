import type { ItemKind } from '../../cleanup/plan.js';
import { toInstant } from '../dates/value.js';
import { EvaluationFailure } from '../errors.js';
import { resourceTypes } from '../fields.js';
import type { JsonObject } from '../json.js';
import { field, isMap } from '../python/value.js';
import type { Value, ValueMap } from '../python/value.js';

/** A resource as filters see it, with what it came from. */
export interface Resource<T extends JsonObject = JsonObject> {
  original: T;
  /** With datetimes for the fields that are moments. */
  fields: ValueMap;
  /** As errors name it. */
  name: string;
}

export function asResource<T extends JsonObject>(
  original: T,
  kind: ItemKind,
  now: Date,
): Resource<T> {
  const { id, moments } = resourceTypes[kind];
  const name = original[id];
  return {
    original,
    fields: moments.reduce<ValueMap>((map, path) => withMoment(map, path, now), original),
    name: typeof name === 'string' ? name : `a resource without ${id}`,
  };
}

function withMoment(
  map: ValueMap,
  [key, ...rest]: readonly [string, ...string[]],
  now: Date,
): ValueMap {
  const value = field(map, key);
  if (value === null) return map;
  const [next, ...others] = rest;
  if (next !== undefined) {
    return isMap(value) ? { ...map, [key]: withMoment(value, [next, ...others], now) } : map;
  }
  return { ...map, [key]: toInstant(value, now) ?? value };
}

/** The value of a tag; null when there is none of that name. */
export function tagValue(fields: ValueMap, name: string): Value {
  if (!Object.hasOwn(fields, 'Tags')) return null;
  const tags = field(fields, 'Tags');
  if (!Array.isArray(tags)) throw new EvaluationFailure('its Tags are no list');
  const tag = tags.filter(isMap).find((candidate) => field(candidate, 'Key') === name);
  return tag ? field(tag, 'Value') : null;
}
