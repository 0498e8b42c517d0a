import type { VersionKind } from '../package.js';
import { type Evr, compareEvr, parseEvr } from './evr.js';
import { type Ordering, compareSegments, segmentsOf } from './rpm.js';

/** Whether a version is within a range. */
export type VersionRange = (evr: Evr) => boolean;

/** What is said of text that is no range. */
export const rangeAllowed =
  'must be a range of versions: bounds (>=16.0 <18), series (16.x or 16), several of them with ||, or * for every version';

/** What each operator says of a version's order against the bound. */
const operators: Readonly<Record<string, (order: Ordering) => boolean>> = {
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '<': (order) => order < 0,
  '=': (order) => order === 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
};

/** One word of a range; given the kind of package, it is a test. */
type Condition = (kind: VersionKind) => VersionRange;

/**
 * Reads a range of versions: `>=16.0 <18` (all of them), `16 || 17` (either), `16.x` and `16` (every version that
 * begins with those segments), `=16.11.0` (that version), `!=16.9.0`, `*`.
 *
 * A bound without a release is about the version alone, whatever its release; one without an epoch likewise is about
 * any epoch: who writes `<25` of docker-ce, whose epoch is 3, means its version. Bounds follow the order of the
 * kind, in which `18~rc1` is below 18. Throws a RangeError for anything else.
 */
export function parseRange(text: string, kind: VersionKind): VersionRange {
  const alternatives = text
    .split('||')
    .map((alternative) => conditionsOf(alternative, text).map((condition) => condition(kind)));
  return (evr) => alternatives.some((all) => all.every((holds) => holds(evr)));
}

/** What is wrong with the text of a range; undefined where nothing is. */
export function faultOfRange(text: string): string | undefined {
  try {
    parseRange(text, 'rpm');
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function conditionsOf(alternative: string, text: string): Condition[] {
  // An operator may stand apart from its version.
  const joined = alternative.trim().replace(/([<>=!]+)\s+/g, '$1');
  return joined.split(/\s*,\s*|\s+/).map((word) => {
    const condition = conditionOf(word);
    if (condition !== undefined) return condition;
    throw new RangeError(
      `${JSON.stringify(text)} ${rangeAllowed}; ${word === '' ? 'a part of it is empty' : `${JSON.stringify(word)} is neither`}`,
    );
  });
}

function conditionOf(word: string): Condition | undefined {
  if (/^[xX*]$/.test(word)) return () => () => true;
  const [, operator, version = '', wildcard] =
    /^([<>=!]+)?((?:\d+:)?[0-9A-Za-z][\w.+~^-]*?)((?:\.[xX*])+)?$/.exec(word) ?? [];
  if (version === '' || (operator !== undefined && wildcard !== undefined)) return undefined;
  // With a release or an epoch it names one version, not a series.
  const isWhole = wildcard === undefined && /[:-]/.test(version);
  if (operator === undefined && !isWhole) return seriesOf(version);
  const holds = operators[operator ?? '='];
  return holds === undefined ? undefined : boundOf(version, holds);
}

function boundOf(version: string, holds: (order: Ordering) => boolean): Condition | undefined {
  const bound = evrOf(version);
  if (bound === undefined) return undefined;
  const hasEpoch = version.includes(':');
  return (kind) => (evr) =>
    holds(
      compareEvr(
        {
          epoch: hasEpoch ? evr.epoch : bound.epoch,
          version: evr.version,
          release: bound.release === '' ? '' : evr.release,
        },
        bound,
        kind,
      ),
    );
}

function evrOf(version: string): Evr | undefined {
  try {
    return parseEvr(version);
  } catch {
    return undefined;
  }
}

function seriesOf(prefix: string): Condition {
  const wanted = segmentsOf(prefix);
  return () => (evr) => {
    const segments = segmentsOf(evr.version);
    return wanted.every((segment, place) => compareSegments(segments[place], segment) === 0);
  };
}
