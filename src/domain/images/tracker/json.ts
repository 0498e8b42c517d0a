import { z } from 'zod';
import { type CellId, cellId, cellOf, lineKey, recipeOf } from '../cell.js';
import { versionKind } from '../select.js';
import type { BuiltImage } from '../result.js';
import { compareEvr, parseEvr } from '../versions/evr.js';
import type { TrackedCell, TrackedLine } from './tracker.js';

/** What Nightshift's own trackers say that they are. */
export const jsonFormat = 'nightshift-images/1';

const imageIdsSchema = z.record(z.string(), z.string().nullable());

/** The images of one base OS, architecture and recipe, by version: newest first, some 36 characters each. */
const groupSchema = z.object({
  os: z.string(),
  arch: z.string(),
  recipe: z.string().exactOptional(),
  /** Image ids in the line's own region; null: was built, and is not there any more. */
  built: imageIdsSchema,
  /** By region, then by version. */
  copies: z.record(z.string(), z.record(z.string(), z.string())).exactOptional(),
});
type Group = z.infer<typeof groupSchema>;

const trackerSchema = z.object({
  format: z.literal(jsonFormat),
  line: z.string(),
  channel: z.string(),
  product: z.string(),
  images: z.array(groupSchema),
});

/** Nightshift's own format, on one line. */
export function jsonTracker(
  line: TrackedLine,
  built: Readonly<Record<CellId, BuiltImage>>,
): string {
  const { line: name, channel, product } = line;
  const tracker: z.infer<typeof trackerSchema> = {
    format: jsonFormat,
    line: name,
    channel,
    product,
    images: groupsOf(line, built),
  };
  return `${JSON.stringify(tracker)}\n`;
}

function groupsOf(line: TrackedLine, built: Readonly<Record<CellId, BuiltImage>>): Group[] {
  const groups = new Map<string, CellId[]>();
  // The very text decides between versions that RPM holds for the same: the order is always the same one.
  for (const id of Object.keys(built).sort()) {
    const { os, arch } = cellOf(id);
    const recipe = recipeOf(id) ?? '';
    const name = [os, arch, recipe].join('/');
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return [...groups.values()].map((ids) => groupOf(newestFirst(ids, line), built));
}

function groupOf(ids: readonly CellId[], built: Readonly<Record<CellId, BuiltImage>>): Group {
  const [first = ''] = ids;
  const { os, arch } = cellOf(first);
  const recipe = recipeOf(first);
  const images: [string, string | null][] = [];
  const copies = new Map<string, [string, string][]>();
  for (const id of ids) {
    const { evr } = cellOf(id);
    const image = built[id] ?? {};
    const isThere = image.prunedAt === undefined && image.imageId !== undefined;
    images.push([evr, isThere ? (image.imageId ?? null) : null]);
    for (const [region, copy] of isThere ? Object.entries(image.copies ?? {}) : [])
      copies.set(region, [...(copies.get(region) ?? []), [evr, copy]]);
  }
  const regions = [...copies].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    os,
    arch,
    ...(recipe === undefined ? {} : { recipe }),
    built: Object.fromEntries(images),
    ...(regions.length === 0
      ? {}
      : {
          copies: Object.fromEntries(
            regions.map(([region, those]) => [region, Object.fromEntries(those)]),
          ),
        }),
  };
}

function newestFirst(ids: readonly CellId[], { source }: TrackedLine): CellId[] {
  const kind = versionKind(source);
  return ids
    .map((id) => ({ id, evr: parseEvr(cellOf(id).evr) }))
    .sort((a, b) => compareEvr(b.evr, a.evr, kind))
    .map(({ id }) => id);
}

/** @throws RangeError where it is none of this line's. */
export function readJsonTracker(text: string, line: TrackedLine): TrackedCell[] {
  const parsed = trackerSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw new RangeError(`it is no tracker: ${faultOf(parsed.error)}`);
  const { images, ...tracker } = parsed.data;
  const theirs = `${tracker.product} of ${lineKey(tracker)}`;
  const ours = `${line.product} of ${lineKey(line)}`;
  if (theirs !== ours) throw new RangeError(`it is the tracker of ${theirs}, not of ${ours}`);
  return images.flatMap(cellsOf);
}

function cellsOf({ os, arch, recipe, built, copies = {} }: Group): TrackedCell[] {
  return Object.entries(built).map(([evr, imageId]) => {
    const id = cellId({ os, arch, evr }, recipe);
    if (imageId === null) return { id };
    const elsewhere = Object.entries(copies).flatMap(([region, those]): [string, string][] => {
      const copy = those[evr];
      return copy === undefined ? [] : [[region, copy]];
    });
    const image = {
      imageId,
      ...(elsewhere.length === 0 ? {} : { copies: Object.fromEntries(elsewhere) }),
    };
    return { id, image };
  });
}

/** Where a tracker is not of its shape. What was there is not said: it may be a secret. */
function faultOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, code, message }) => {
      const place = path.join('.');
      const allowed = path[0] === 'format' ? `must be ${jsonFormat}` : message;
      return place === '' ? `${code}: ${message}` : `${place}: ${allowed}`;
    })
    .join('; ');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RangeError('it is no tracker: it begins like JSON and is none');
  }
}
