import type { Cell, LineName } from './cell.js';

/** The tags by which an image is known again. */
export const imageTags = {
  /** {@link imageKey}. Packer gives it, too, so that an image is found whose build's answer was lost. */
  key: 'nightshift:key',
  line: 'nightshift:line',
  channel: 'nightshift:channel',
  product: 'nightshift:product',
  os: 'nightshift:os',
  arch: 'nightshift:arch',
  version: 'nightshift:version',
  recipe: 'nightshift:recipe',
  /** Of a copy: the image in the line's own region that it was made from. */
  source: 'nightshift:source',
  /** {@link ImageState} */
  state: 'nightshift:state',
} as const;

/**
 * How far an image is: `ready` when all was done that its line asks for, `rejected` when its smoke test failed. An image
 * without is one that is still worked on.
 */
export type ImageState = 'ready' | 'rejected';

export interface TagsOptions {
  name: LineName;
  product: string;
  cell: Cell;
  recipe?: string | undefined;
  key: string;
}

/** Nightshift's own tags of an image, but its state. */
export function tagsOf({ name, product, cell, recipe, key }: TagsOptions): Record<string, string> {
  return {
    [imageTags.key]: key,
    [imageTags.line]: name.line,
    [imageTags.channel]: name.channel,
    [imageTags.product]: product,
    [imageTags.os]: cell.os,
    [imageTags.arch]: cell.arch,
    [imageTags.version]: cell.evr,
    ...(recipe === undefined ? {} : { [imageTags.recipe]: recipe }),
  };
}
