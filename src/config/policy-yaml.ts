import type { ScalarTag, Tags } from 'yaml';
import type { YamlDialect } from './yaml-source.js';

/**
 * YAML as Cloud Custodian reads it, which is as PyYAML does: YAML 1.1, where `yes` and `off` are
 * booleans and `012` is octal. PyYAML keeps as text some of what YAML 1.1 has as something else
 * (its `resolver.py`): `y` and `n`, numbers like `1e5` and `089`. A policy must select here what it
 * selects there, so a tag value of `1e5` has to be the same thing in both.
 */
export const custodianYaml: YamlDialect = {
  version: '1.1',
  customTags: (tags) => tags.flatMap(asPyYaml),
};

type Tag = Tags[number];

function asPyYaml(tag: Tag): Tag[] {
  if (typeof tag === 'string' || tag.collection || !tag.test) return [tag];
  const test = pyYamlTest(tag, tag.test);
  return test ? [{ ...tag, test }] : [];
}

/** What plain text PyYAML takes for a value of this tag; undefined when none. */
function pyYamlTest({ tag, format }: ScalarTag, test: RegExp): RegExp | undefined {
  switch (tag) {
    // PyYAML makes dates of these; the filters take dates as text just as well.
    case 'tag:yaml.org,2002:timestamp':
      return undefined;
    case 'tag:yaml.org,2002:bool':
      return new RegExp(`^(?![yYnN]$)${test.source.replace(/^\^/, '')}`);
    case 'tag:yaml.org,2002:int':
      return format === undefined ? /^[-+]?(?:0|[1-9][0-9_]*)$/ : test;
    case 'tag:yaml.org,2002:float':
      return format === 'EXP' ? exponential : test;
    default:
      return test;
  }
}

// A point and the sign of the exponent are a must.
const exponential = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/;
