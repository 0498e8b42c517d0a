import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, DocumentOptions, ParseOptions, SchemaOptions } from 'yaml';
import type { Locate } from '../domain/config/index.js';
import { InvalidInputError } from '../domain/errors.js';
import { locateNode } from './yaml-location.js';

/** A YAML file, read: its value, and where in the file each field of it stands. */
export interface YamlSource {
  value: unknown;
  locate: Locate;
}

/** How to read YAML: the options of the `yaml` library. */
export type YamlDialect = ParseOptions & DocumentOptions & SchemaOptions;

/** More repeats of anchors than any file needs: a few lines could otherwise fill the memory. */
const maxAliasCount = 1000;

/**
 * Reads one YAML document; `file` is how errors name it.
 * Throws InvalidInputError, with lines, for what is not YAML, a duplicate key or a second document.
 */
export function readYaml(text: string, file: string, dialect: YamlDialect = {}): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    prettyErrors: false,
    ...dialect,
    lineCounter,
  });
  const lineAt = (offset: number): string => `${file}:${lineCounter.linePos(offset).line}`;
  // A tag that is not known is but a warning to the parser, which then takes the value for text.
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    throw new InvalidInputError(
      problems.map(({ code, message, pos }) => ({
        source: lineAt(pos[0]),
        path: '',
        message: explanations[code] ?? `not valid YAML: ${message}`,
      })),
    );
  }
  return {
    value: toValue(document, file),
    locate: (path) => {
      const { anchor, value } = locateNode(document, path);
      const source = lineAt(anchor?.range?.[0] ?? 0);
      return { source, written: isScalar(value) ? value.source : undefined };
    },
  };
}

const explanations: Partial<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is in its mapping twice; a key may be given once',
  MULTIPLE_DOCS: 'a second document starts here; a file holds one, so no line may be ---',
};

function toValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch (cause) {
    const message = `not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new InvalidInputError([{ source: file, path: '', message }], { cause });
  }
}
