import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Document, Node } from 'yaml';
import type { FieldPath } from '../domain/config/index.js';

export interface NodeLocation {
  /** The node whose line to show: the key where there is one, for its value may start below it. */
  anchor: Node | undefined;
  /** The value; undefined when the file has none there. */
  value: Node | undefined;
}

/**
 * Finds the field at a path. Where it is missing, or comes from a merged anchor, the anchor is the
 * nearest thing above it that stands in the file.
 */
export function locateNode(document: Document.Parsed, path: FieldPath): NodeLocation {
  let value: Node | undefined = document.contents ?? undefined;
  let anchor = value;
  for (const part of path) {
    const step = child(resolved(document, value), part);
    if (!step) return { anchor, value: undefined };
    anchor = step.key ?? step.value ?? anchor;
    value = step.value;
  }
  return { anchor, value };
}

function resolved(document: Document.Parsed, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

function child(
  node: Node | undefined,
  part: PropertyKey,
): { key?: Node | undefined; value: Node | undefined } | undefined {
  if (isSeq(node)) {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return isNode(item) ? { value: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  if (!pair) return undefined;
  const [key, value] = [pair.key, pair.value].map((side) => (isNode(side) ? side : undefined));
  return { key, value };
}
