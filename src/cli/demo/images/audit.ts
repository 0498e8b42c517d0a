import type { ImageStateView } from '../../../../sandbox/admin/image-schema.js';
import { imageTags } from '../../../domain/images/tags.js';
import { mostAttempts } from './cast.js';
import type { CellRecord } from './cell-record.js';
import type { CloudRecord } from './cloud-record.js';
import { copyRegion } from './fleet.js';

export interface Audit {
  /** Images that Nightshift has built, and those that were there. */
  built: CellRecord[];
  there: CellRecord[];
  held: CellRecord[];
  /** Builds that failed and were made good by another. */
  mended: number;
  /** Where what the line says and what the cloud saw differ, or are not what was to be; empty when all is well. */
  problems: string[];
}

/** Compares what was to be, what the line says, and what the cloud saw. */
export function audit(record: CloudRecord): Audit {
  const { cells, strays, orphans, last, status, tracked } = record;
  const isDue = (...dues: CellRecord['due'][]) => cells.filter(({ due }) => dues.includes(due));
  const built = isDue('built', 'fails once');
  const mended = failuresOf(isDue('fails once'));
  const recorded = cells.filter((cell) => cell.tracked).length;
  return {
    built,
    there: isDue('there'),
    held: isDue('always fails'),
    mended,
    problems: [
      ...cells.flatMap(cellProblems),
      ...(mended === 1 ? [] : [`${mended} builds failed that were to be tried again, not 1`]),
      ...strays.map((id) => `${id} belongs to no image of the line`),
      ...orphans.map((id) => `no image uses the snapshot ${id}`),
      ...(status.cells.length === cells.length
        ? []
        : [`the line knows of ${status.cells.length} images, not ${cells.length}`]),
      ...(tracked === recorded ? [] : [`the tracker has ${tracked - recorded} images too many`]),
      ...last.started.map(({ evr, os }) => `the last check has set ${evr} on ${os} to be built`),
    ],
  };
}

function failuresOf(cells: readonly CellRecord[]): number {
  return cells.flatMap(({ builds }) => builds.filter(({ status }) => status === 'FAILED')).length;
}

function cellProblems(cell: CellRecord): string[] {
  return [...endProblems(cell), ...startProblems(cell), ...trackerProblems(cell)].map(
    (problem) => `${cell.evr} on ${cell.os}: ${problem}`,
  );
}

function endProblems(cell: CellRecord): string[] {
  const { due, told, builds, images, copies } = cell;
  const made = builds.filter(({ status }) => status === 'SUCCEEDED').length;
  const counts = `${made} of ${builds.length} builds succeeded, ${images.length} images and ${copies.length} copies`;
  const was = `${told?.state ?? 'unknown'}: ${counts}`;
  switch (due) {
    case 'there':
      return told?.state === 'built' && builds.length === 0 && isOne(images) && !copies[0]
        ? sameImage(cell)
        : [`was there before, and is ${was}`];
    case 'built':
    case 'fails once': {
      const most = due === 'built' ? 1 : 2;
      const isOnce = made === 1 && builds.length <= most && isOne(images) && isOne(copies);
      return told?.state === 'built' && isOnce
        ? [...sameImage(cell), ...imageProblems(cell)]
        : [`was to be built once and copied once, and is ${was}`];
    }
    case 'always fails': {
      const isHeld = told?.state === 'held' && builds.length === mostAttempts && made === 0;
      return isHeld && !images[0] && !copies[0]
        ? []
        : [`was to be held after ${mostAttempts} attempts, and is ${was}`];
    }
  }
}

function isOne(images: readonly ImageStateView[]): boolean {
  return images.length === 1 && images[0]?.state === 'available';
}

function sameImage({ told, images }: CellRecord): string[] {
  const [image] = images;
  return told?.imageId === image?.id
    ? []
    : [`the line has ${told?.imageId ?? 'no image'}, EC2 ${image?.id ?? 'none'}`];
}

function imageProblems({ images, copies }: CellRecord): string[] {
  const source = copies[0]?.source?.imageId;
  return [
    ...[...images, ...copies]
      .filter(({ tags }) => tags[imageTags.state] !== 'ready')
      .map(({ id }) => `${id} is not tagged as ready`),
    ...(source === images[0]?.id ? [] : [`its copy was made of ${source ?? 'nothing'}`]),
  ];
}

function startProblems({ builds, starts }: CellRecord): string[] {
  const running = builds.filter(({ status }) => status === 'IN_PROGRESS');
  return [
    ...(starts === builds.length
      ? []
      : [`${starts} StartBuild calls began ${builds.length} builds`]),
    ...running.map(({ id }) => `${id} was left running`),
  ];
}

function trackerProblems({ due, tracked, images, copies }: CellRecord): string[] {
  if (due === 'always fails') return tracked ? ['the tracker has it as built'] : [];
  if (!tracked) return ['the tracker lacks it'];
  const { imageId, copies: elsewhere = {} } = tracked.image ?? {};
  return imageId === images[0]?.id && elsewhere[copyRegion] === copies[0]?.id
    ? []
    : [`the tracker has ${imageId ?? 'no image'}, copied as ${elsewhere[copyRegion] ?? 'none'}`];
}
