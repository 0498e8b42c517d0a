import type { Image } from '@aws-sdk/client-ec2';
import { type Cell, type CellId, cellId } from '../../../domain/images/cell.js';
import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import type { BuiltImage } from '../../../domain/images/result.js';
import type { LineSpec } from '../../../domain/images/spec.js';
import { imageTags } from '../../../domain/images/tags.js';
import { existingImages } from './existing-images.js';
import type { RegionOf } from './each-region.js';
import { byAge, idOf, isDead, stateTagIs, tagOf } from './image.js';
import { exactly, ownImages } from './look.js';
import type { Ec2Region } from './region.js';

/** An image of a line that is there, whoever built it. */
export interface ListedImage {
  id: CellId;
  image: BuiltImage;
  /** Whether all was done with it that its line asks for. */
  ready: boolean;
  /** Whether its smoke test failed. */
  rejected: boolean;
  /** Whether Nightshift has built it: another tool's is not Nightshift's to remove. */
  ours: boolean;
}

/** All images of a line and channel by their tags, with their copies, deprecated ones among them; the oldest first. */
export async function listImages(spec: LineSpec, regionOf: RegionOf): Promise<ListedImage[]> {
  const home = await regionOf(spec.place.target.region);
  const copies = await copiesOf(spec, regionOf);
  const found: { image: Image; listed: ListedImage }[] = [];
  for await (const image of lineImages(spec, home)) {
    const id = idOfCell(image);
    if (id === undefined) continue;
    const ready = stateTagIs(image, 'ready');
    const rejected = stateTagIs(image, 'rejected');
    const listed = { id, image: built(image, copies), ready, rejected, ours: true };
    found.push({ image, listed });
  }
  for await (const { image, cell } of existingImages(spec, home)) {
    const ready = image.State === 'available';
    const known = { id: cellId(cell), image: built(image, copies) };
    const listed = { ...known, ready, rejected: false, ours: false };
    found.push({ image, listed });
  }
  return found.sort((a, b) => byAge(a.image, b.image)).map(({ listed }) => listed);
}

/** Images of one line, channel and product, which may become usable or are. */
async function* lineImages(
  { line, channel, product }: LineSpec,
  region: Ec2Region,
): AsyncGenerator<Image> {
  const filters = [
    exactly(`tag:${imageTags.line}`, [line]),
    exactly(`tag:${imageTags.channel}`, [channel]),
    exactly(`tag:${imageTags.product}`, [product]),
  ];
  for await (const image of ownImages(region, filters)) if (!isDead(image)) yield image;
}

type Copies = ReadonlyMap<string, ImagesByRegion>;

/** Copies in the line's other regions, by the id of what they were made from. */
async function copiesOf(spec: LineSpec, regionOf: RegionOf): Promise<Copies> {
  const copies = new Map<string, ImagesByRegion>();
  for (const region of spec.copyTo) {
    const images: Image[] = [];
    for await (const image of lineImages(spec, await regionOf(region))) images.push(image);
    for (const image of images.sort(byAge)) {
      const source = tagOf(image, imageTags.source);
      if (source !== undefined)
        copies.set(source, { [region]: idOf(image), ...copies.get(source) });
    }
  }
  return copies;
}

function idOfCell(image: Image): CellId | undefined {
  const os = tagOf(image, imageTags.os);
  const arch = tagOf(image, imageTags.arch);
  const evr = tagOf(image, imageTags.version);
  if (os === undefined || arch === undefined || evr === undefined) return undefined;
  const cell: Cell = { os, arch, evr };
  return cellId(cell, tagOf(image, imageTags.recipe));
}

function built(image: Image, all: Copies): BuiltImage {
  const imageId = idOf(image);
  const copies = all.get(imageId);
  const builtAt = image.CreationDate ?? new Date(0).toISOString();
  return { imageId, ...(copies ? { copies } : {}), builtAt };
}
