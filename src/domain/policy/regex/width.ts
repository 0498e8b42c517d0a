import type { Regex } from './syntax.js';

export interface Width {
  least: number;
  most: number;
}

/** How many characters a pattern can take. */
export function widthOf(regex: Regex): Width {
  switch (regex.kind) {
    case 'sequence':
      return sum(regex.items.map(widthOf));
    case 'choice': {
      const widths = regex.options.map(widthOf);
      return {
        least: Math.min(...widths.map(({ least }) => least)),
        most: Math.max(...widths.map(({ most }) => most)),
      };
    }
    case 'group':
      return widthOf(regex.body);
    case 'repeat': {
      const { least, most } = widthOf(regex.body);
      // Nothing, however often, is nothing: 0 × Infinity would be NaN.
      return { least: least * regex.least, most: most === 0 ? 0 : most * regex.most };
    }
    case 'look':
    case 'anchor':
      return { least: 0, most: 0 };
    case 'character':
    case 'any':
    case 'class':
      return { least: 1, most: 1 };
  }
}

function sum(widths: Width[]): Width {
  return widths.reduce(
    (total, { least, most }) => ({ least: total.least + least, most: total.most + most }),
    { least: 0, most: 0 },
  );
}
