import type { BuildState } from '../../../../sandbox/admin/build-schema.js';
import type { ImageStateView } from '../../../../sandbox/admin/image-schema.js';
import type { LineStatus } from '../../../client/index.js';
import { type Cell, cellId, imageKey } from '../../../domain/images/cell.js';
import type { CellStatus } from '../../../domain/images/result.js';
import { imageTags } from '../../../domain/images/tags.js';
import type { TrackedCell } from '../../../domain/images/tracker/tracker.js';
import { type Fate, baseOses, earlier, laterVersions, product, versions } from './cast.js';
import { copyRegion, earlierTags, region } from './fleet.js';

/** One image that was to be there, as all who know of it have it. */
export interface CellRecord extends Cell {
  /** What was to become of it; `there`: it was before Nightshift came. */
  due: Fate | 'there';
  /** Its key in tags and variables. */
  key: string;
  /** What the line says of it. */
  told?: CellStatus;
  /** What the tracker says of it. */
  tracked?: TrackedCell;
  /** CodeBuild's builds with its key. */
  builds: BuildState[];
  /** StartBuild calls that began one of them. */
  starts: number;
  /** Images with its key, or with the other tool's tags: where they are built, and where they are copied to. */
  images: ImageStateView[];
  copies: ImageStateView[];
}

export interface Witnesses {
  status: LineStatus;
  tracker: readonly TrackedCell[];
  images: readonly ImageStateView[];
  builds: readonly BuildState[];
  /** Ids of builds, each as often as it was begun. */
  starts: readonly string[];
}

export const keyTag = imageTags.key;
const arch = 'x86_64';

/** A record of each image that was to be there: every version on every base OS, newest version first. */
export function cellRecords(witnesses: Witnesses): CellRecord[] {
  const evrs = [...versions, ...laterVersions].reverse();
  return evrs.flatMap((evr) =>
    baseOses.map(({ name, fate }) =>
      recordOf({ os: name, arch, evr }, evr === earlier.evr ? 'there' : fate, witnesses),
    ),
  );
}

function recordOf(cell: Cell, due: CellRecord['due'], witnesses: Witnesses): CellRecord {
  const { status, tracker } = witnesses;
  const id = cellId(cell);
  const key = imageKey(status, product, id);
  const builds = witnesses.builds.filter(({ env }) => env['NIGHTSHIFT_KEY']?.value === key);
  const images = witnesses.images.filter(({ tags }) =>
    due === 'there'
      ? tags[earlierTags.os] === cell.os && tags[earlierTags.version] === earlier.tagged
      : tags[keyTag] === key,
  );
  const told = status.cells.find((each) => cellId(each) === id);
  const tracked = tracker.find((each) => each.id === id);
  return {
    ...cell,
    due,
    key,
    builds,
    starts: witnesses.starts.filter((start) => builds.some((build) => build.id === start)).length,
    images: images.filter((image) => image.region === region),
    copies: images.filter((image) => image.region === copyRegion),
    ...(told ? { told } : {}),
    ...(tracked ? { tracked } : {}),
  };
}
