/** What a builder made: image ids by region. */
export type ImagesByRegion = Record<string, string>;

/** What the line in a log begins with that holds Packer's manifest. */
export const manifestMarker = 'NIGHTSHIFT_MANIFEST';

/**
 * Reads the manifest that Packer's post-processor of this name writes: of the builds of the last run (`last_run_uuid`)
 * each has an `artifact_id` such as `us-east-1:ami-1,eu-west-1:ami-2`.
 *
 * @throws RangeError saying what is wrong.
 * @see https://developer.hashicorp.com/packer/docs/post-processors/manifest
 */
export function parseManifest(text: string): ImagesByRegion {
  const manifest = parseJson(text);
  const builds = listAt(manifest, 'builds');
  const run = at(manifest, 'last_run_uuid');
  const images: ImagesByRegion = {};
  for (const build of builds) {
    // A manifest is added to by each run of Packer in the same folder.
    if (typeof run === 'string' && run !== '' && at(build, 'packer_run_uuid') !== run) continue;
    for (const [region, id] of artifactsOf(build)) {
      const other = images[region];
      if (other !== undefined && other !== id)
        throw new RangeError(`the manifest has two images in ${region}: ${other} and ${id}`);
      images[region] = id;
    }
  }
  if (Object.keys(images).length === 0)
    throw new RangeError('the manifest has no image of the last run');
  return images;
}

/** The manifest in a line of a log; undefined where the line holds none. */
export function manifestInLine(line: string): string | undefined {
  // Colours and a job's own prefix may stand before it.
  const at = line.indexOf(`${manifestMarker} {`);
  if (at < 0) return undefined;
  const rest = line.slice(at + manifestMarker.length + 1);
  return rest.slice(0, rest.lastIndexOf('}') + 1);
}

function artifactsOf(build: unknown): [string, string][] {
  const text = at(build, 'artifact_id');
  if (typeof text !== 'string') return [];
  return text.split(',').flatMap((artifact): [string, string][] => {
    const [, region = '', id = ''] =
      /^([a-z]{2}(?:-[a-z]+)+-\d):(ami-[0-9a-f]{8,17})$/.exec(artifact.trim()) ?? [];
    return region === '' ? [] : [[region, id]];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RangeError(
      `the manifest is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function listAt(value: unknown, key: string): unknown[] {
  const list = at(value, key);
  if (Array.isArray(list)) return list;
  throw new RangeError(`the manifest has no list of ${key}`);
}
