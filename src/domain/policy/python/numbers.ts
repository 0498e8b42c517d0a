// Python's `str.strip` and `int()` go by its own idea of white space, which is not JavaScript's.
const space =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const edges = new RegExp(`^${space}+|${space}+$`, 'g');

export function strip(text: string): string {
  return text.replace(edges, '');
}

/** Python's `int(text)`; undefined where that fails. */
export function parseInteger(text: string): number | undefined {
  const digits = strip(text);
  return /^[+-]?\d+(_\d+)*$/.test(digits) ? Number(digits.replaceAll('_', '')) : undefined;
}

const decimal = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;
const special: Partial<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: NaN };

/** Python's `float(text)`; undefined where that fails. */
export function parseFloatingPoint(text: string): number | undefined {
  const digits = strip(text);
  if (decimal.test(digits)) return Number(digits.replaceAll('_', ''));
  const word = special[digits.replace(/^[+-]/, '').toLowerCase()];
  return word !== undefined && digits.startsWith('-') ? -word : word;
}
