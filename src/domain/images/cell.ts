/** One image that is to be there: a version of the line's product on a base OS, for an architecture. */
export interface Cell {
  os: string;
  arch: string;
  /** `[epoch:]version[-release]`, as {@link formatEvr} writes it. */
  evr: string;
}

/** Names a cell among those of its line and channel. With a recipe, an image of another recipe is another one. */
export type CellId = string;

export function cellId({ os, arch, evr }: Cell, recipe?: string): CellId {
  return [os, arch, evr, ...(recipe === undefined ? [] : [recipe])].join('/');
}

/** The cell that an id names. No part of an id holds a slash. */
export function cellOf(id: CellId): Cell {
  const [os = '', arch = '', evr = ''] = id.split('/');
  return { os, arch, evr };
}

/** The recipe that an id names, where its line has one. */
export function recipeOf(id: CellId): string | undefined {
  return id.split('/')[3];
}

/** Whose images these are. Channels of a line share nothing. */
export interface LineName {
  line: string;
  channel: string;
}

/** `gitlab-runner/dev`: how a line and its channel are written. */
export function lineKey({ line, channel }: LineName): string {
  return `${line}/${channel}`;
}

/** The workflow that owns a line and channel. */
export function lineWorkflowId(name: LineName): string {
  return `images/${lineKey(name)}`;
}

/** The key of an image, in its tags and in its build's NIGHTSHIFT_KEY: of one line, channel, product and cell. */
export function imageKey(name: LineName, product: string, id: CellId): string {
  return `${lineKey(name)}/${product}/${id}`;
}

/** The workflow that builds an image. */
export function imageWorkflowId(name: LineName, product: string, id: CellId): string {
  return `image/${imageKey(name, product, id)}`;
}
