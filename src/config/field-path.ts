import type { FieldPath } from '../domain/config/index.js';

/**
 * Reads a path such as `policies[0].filters[1].key`, as errors show it. It stops at the first part
 * that is something else: the line of what stands above is the next best.
 */
export function parseFieldPath(text: string): FieldPath {
  const path: PropertyKey[] = [];
  const part = /\.?([\w-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  for (let match = part.exec(text); match; match = part.exec(text)) {
    const [, key, index, quoted] = match;
    path.push(index !== undefined ? Number(index) : (key ?? String(JSON.parse(quoted ?? '""'))));
  }
  return path;
}
