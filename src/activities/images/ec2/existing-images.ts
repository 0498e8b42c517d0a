import type { Image } from '@aws-sdk/client-ec2';
import type { Cell } from '../../../domain/images/cell.js';
import { namesOfArchitecture } from '../../../domain/images/package.js';
import type { LineSpec } from '../../../domain/images/spec.js';
import { imageTags } from '../../../domain/images/tags.js';
import { formatEvr, parseEvr } from '../../../domain/images/versions/index.js';
import { isDead, tagOf } from './image.js';
import { exactly, ownImages } from './look.js';
import type { Ec2Region } from './region.js';

/** Images of a line that another tool has built, known by that tool's tags; none unless the line says by which. */
export async function* existingImages(
  spec: LineSpec,
  region: Ec2Region,
): AsyncGenerator<{ image: Image; cell: Cell }> {
  const { existing, product } = spec;
  if (!existing) return;
  const filters = [
    exactly('tag-key', [existing.version]),
    ...(existing.product === undefined ? [] : [exactly(`tag:${existing.product}`, [product])]),
    ...Object.entries(existing.filters).map(([key, value]) => exactly(`tag:${key}`, [value])),
  ];
  for await (const image of ownImages(region, filters)) {
    // Nightshift's own are another line's or channel's, or listed already.
    if (isDead(image) || tagOf(image, imageTags.key) !== undefined) continue;
    const cell = cellOf(image, spec);
    if (cell) yield { image, cell };
  }
}

/** The cell that an image is of; undefined where its tags or its architecture say none of the line's. */
function cellOf(image: Image, spec: LineSpec): Cell | undefined {
  const { architectures, baseOs, existing } = spec;
  const names = baseOs.map(({ name }) => name);
  const tagged = existing?.os === undefined ? undefined : tagOf(image, existing.os);
  const only = names.length === 1 ? names[0] : undefined;
  const os = tagged === undefined ? only : names.find((name) => name === tagged);
  const arch = architectures.find((each) =>
    namesOfArchitecture(each).some((name) => name === image.Architecture),
  );
  const evr = evrOf(tagOf(image, existing?.version ?? ''));
  if (os === undefined || arch === undefined || evr === undefined) return undefined;
  return { os, arch, evr };
}

/** A version as Nightshift writes it. Other people's tags may hold anything. */
function evrOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return formatEvr(parseEvr(text));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
