import { describe, expect, it } from 'vitest';
import { dark, light, type Palette } from '../../src/report/html/styles/tokens.js';

/** Relative luminance of `#rrggbb`, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Text and what it stands on. */
const pairs: [keyof Palette, keyof Palette][] = [
  ...(['page', 'surface', 'raised'] as const).flatMap(
    (ground): [keyof Palette, keyof Palette][] => [
      ['text', ground],
      ['muted', ground],
      ['accent', ground],
    ],
  ),
  ...(['deleted', 'skipped', 'blocked', 'failed', 'orphan'] as const).flatMap(
    (outcome): [keyof Palette, keyof Palette][] => [
      [outcome, 'surface'],
      [outcome, 'page'],
      [outcome, `${outcome}Tint`],
      ['text', `${outcome}Tint`],
    ],
  ),
  ['onAccent', 'accent'],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s colours', (_, palette) => {
  it.each(pairs)('%s on %s has the contrast that WCAG AA asks of text', (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });
});
