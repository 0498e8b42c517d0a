import { type CellId, cellId, cellOf } from '../cell.js';
import type { VersionKind } from '../package.js';
import type { BuiltImage } from '../result.js';
import { versionKind } from '../select.js';
import { compareEvr, formatEvr, parseEvr } from '../versions/evr.js';
import type { TrackedCell, TrackedLine } from './tracker.js';

/** What stands in a tracker of no version: neither SSM nor GitLab takes an empty one, and readers pass over it. */
const noVersion = '# no version has an image on every base OS yet';

/**
 * A version per line, without epoch and release, oldest first: those of which there is an image, of whatever recipe and
 * release, on every base OS and architecture of the line. One OS's success hides no other's failure.
 */
export function versionsTracker(
  line: TrackedLine,
  built: Readonly<Record<CellId, BuiltImage>>,
): string {
  const places = placesOf(line);
  const builtOn = new Map<string, Set<string>>();
  for (const id of Object.keys(built)) {
    const { os, arch, evr } = cellOf(id);
    const { version } = parseEvr(evr);
    builtOn.set(version, (builtOn.get(version) ?? new Set()).add(`${os}/${arch}`));
  }
  const whole = [...builtOn].flatMap(([version, there]) =>
    places.length > 0 && places.every(({ os, arch }) => there.has(`${os}/${arch}`))
      ? [version]
      : [],
  );
  const lines = whole.length === 0 ? [noVersion] : oldestFirst(whole, versionKind(line.source));
  return `${lines.join('\n')}\n`;
}

/**
 * Reads such a list, empty lines and those that begin with # passed over: each version counts for every base OS and
 * architecture of the line, and for its recipe.
 *
 * @throws RangeError naming the line that is no version.
 */
export function readVersions(text: string, line: TrackedLine): TrackedCell[] {
  const places = placesOf(line);
  const versions = text
    .split('\n')
    .map((each) => each.trim())
    .flatMap((each, index) =>
      each === '' || each.startsWith('#') ? [] : [evrOf(each, index + 1)],
    );
  return [...new Set(versions)].flatMap((evr) =>
    places.map((place) => ({ id: cellId({ ...place, evr }, line.recipe) })),
  );
}

function evrOf(text: string, number: number): string {
  try {
    // A word is no version, whatever RPM makes of it: another file was named by mistake.
    if (text.length <= 100 && /^(\d+:)?\d/.test(text)) return formatEvr(parseEvr(text));
  } catch {
    // Said below, without what was there.
  }
  throw new RangeError(
    `it is no tracker: line ${number} (${text.length} characters) is no version such as 16.11.0, and it is no JSON`,
  );
}

function oldestFirst(versions: readonly string[], kind: VersionKind): string[] {
  return versions
    .toSorted()
    .map((version) => ({ version, evr: { epoch: 0, version, release: '' } }))
    .sort((a, b) => compareEvr(a.evr, b.evr, kind))
    .map(({ version }) => version);
}

/** Base OSes with the architectures that each is built for. */
function placesOf({ baseOs }: TrackedLine): { os: string; arch: string }[] {
  return baseOs.flatMap(({ name, images }) =>
    Object.keys(images).map((arch) => ({ os: name, arch })),
  );
}
