import { GitLabError, hasStatus } from './error.js';
import { type Generations, checkContent, checkName, generationsOf, nameOf } from './generations.js';
import { type SecureFiles, sha256Of } from './secure-files.js';
import type { SecureFile } from './shapes.js';

const rounds = 5;

export interface ReplaceOptions {
  /**
   * Generation that the new content follows, as it was read; 0 for none. Refused as a `conflict` when another has
   * been written since, which is how two writers find out about each other.
   */
  after?: number | undefined;
  /** Earlier generations that stay, for those who are reading one: 1 unless given. */
  keep?: number | undefined;
  /** Whether the plain name is kept up, for readers that know no generations: true unless given. */
  plain?: boolean | undefined;
}

export interface StoredFile {
  content: Uint8Array;
  sha256: string;
  /** 0: the plain file is all that there is. */
  generation: number;
  /** What the plain name holds: another content of an interrupted write or of another writer, or nothing. */
  plain: 'same' | 'differs' | 'missing';
  /** Newer files that were passed over, since their content isn't what their checksum says. */
  damaged: string[];
}

/**
 * Puts new content in the place of a secure file, where GitLab has no update and no two files of one name. At every
 * moment, a crash between any two calls included, at least one whole file is there:
 *
 * 1. `<name>.<n+1>` is created: from then on it is the truth. GitLab stores a file in one transaction, and its
 *    checksum is compared. Of two writers that follow the same generation only one can create it.
 * 2. `<name>`, the copy for readers that know no generations, is deleted and created again. Meanwhile it is away, for
 *    one round trip; those who can't bear that take the highest `<name>.<n>`, which never is.
 * 3. Generations before the last `keep` are deleted.
 *
 * Repeated after a crash with the same content, it finishes what is left to do. Content of no bytes is refused: GitLab
 * takes none, and an empty tracker would have everything built again.
 */
export async function replaceSecureFile(
  files: SecureFiles,
  name: string,
  content: Uint8Array,
  { after, keep = 1, plain = true }: ReplaceOptions = {},
  signal?: AbortSignal,
): Promise<{ generation: number; sha256: string }> {
  checkName(name);
  checkContent(name, content);
  const sha256 = sha256Of(content);
  const there = generationsOf(name, await files.list(signal));
  const [newest] = there.numbered;
  let generation = newest?.generation ?? 0;
  if (newest?.file.sha256 !== sha256) {
    if (after !== undefined && generation !== after) throw conflict(name, after, generation);
    generation += 1;
    await write(files, name, generation, content, there, signal);
  }
  if (plain && there.plain?.sha256 !== sha256) await renewPlain(files, name, content, signal);
  const older = there.numbered.filter((other) => other.generation < generation).slice(keep);
  for (const { file } of older) await files.delete(file, signal);
  return { generation, sha256 };
}

async function write(
  files: SecureFiles,
  name: string,
  generation: number,
  content: Uint8Array,
  there: Generations,
  signal: AbortSignal | undefined,
): Promise<void> {
  const create = () => files.create(nameOf(name, generation), content, signal);
  const created = await create().catch(async (error: unknown) => {
    if (isTaken(error)) throw conflict(name, generation - 1, generation);
    if (!isFull(error)) throw error;
    const spare = spareOf(there);
    if (!spare) throw full(name);
    await files.delete(spare, signal);
    return create();
  });
  if (created.sha256 === sha256Of(content)) return;
  await files.delete(created, signal);
  throw new GitLabError('damaged', `secure file ${created.name} was stored with another content`, {
    retryable: true,
  });
}

/** A file that can go to make room: the oldest generation but for the newest, or a plain copy of that. */
function spareOf({ numbered, plain }: Generations): SecureFile | undefined {
  const [newest] = numbered;
  if (numbered.length > 1) return numbered.at(-1)?.file;
  return newest && plain?.sha256 === newest.file.sha256 ? plain : undefined;
}

async function renewPlain(
  files: SecureFiles,
  name: string,
  content: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const { plain, numbered } = generationsOf(name, await files.list(signal));
    if (plain?.sha256 === sha256Of(content)) return;
    if (plain) await files.delete(plain, signal);
    try {
      await files.create(name, content, signal);
      return;
    } catch (error) {
      // Somebody else has created it between the two calls.
      if (isTaken(error)) continue;
      const older = numbered.slice(1).at(-1);
      if (!isFull(error)) throw error;
      if (!older) throw full(name);
      await files.delete(older.file, signal);
    }
  }
  throw new GitLabError('conflict', `another writer keeps creating secure file ${name}`, {
    retryable: true,
  });
}

/**
 * The newest whole content of this name: of its highest generation, else of the plain file. Undefined where there is
 * neither. A file that is deleted while it is read was replaced: the list is read again. Throws `damaged` where there
 * are files but none is whole, so that it is never taken for nothing.
 */
export async function readSecureFile(
  files: SecureFiles,
  name: string,
  signal?: AbortSignal,
): Promise<StoredFile | undefined> {
  checkName(name);
  for (let round = 0; round < rounds; round++) {
    const there = generationsOf(name, await files.list(signal));
    const candidates = [
      ...there.numbered,
      ...(there.plain ? [{ generation: 0, file: there.plain }] : []),
    ];
    if (candidates.length === 0) return undefined;
    const read = await newestWhole(files, candidates, signal);
    if (read) return { ...read, plain: plainOf(there.plain, read.sha256) };
  }
  throw new GitLabError('unavailable', `secure file ${name} was replaced whenever it was read`, {
    retryable: true,
  });
}

/** Undefined: one of them has gone meanwhile. */
async function newestWhole(
  files: SecureFiles,
  candidates: readonly { generation: number; file: SecureFile }[],
  signal: AbortSignal | undefined,
): Promise<Omit<StoredFile, 'plain'> | undefined> {
  const damaged: string[] = [];
  for (const { generation, file } of candidates) {
    try {
      const content = await files.download(file, signal);
      return content && { content, sha256: file.sha256, generation, damaged };
    } catch (error) {
      if (!(error instanceof GitLabError && error.code === 'damaged')) throw error;
      damaged.push(file.name);
    }
  }
  throw new GitLabError('damaged', `none of the secure files ${damaged.join(', ')} is whole`, {
    retryable: true,
  });
}

function plainOf(plain: SecureFile | undefined, sha256: string): StoredFile['plain'] {
  if (!plain) return 'missing';
  return plain.sha256 === sha256 ? 'same' : 'differs';
}

function full(name: string): GitLabError {
  return new GitLabError(
    'full',
    `there is no room for secure file ${name}: the project has as many as it may; delete one`,
    { status: 400, retryable: false },
  );
}

function isTaken(error: unknown): boolean {
  return hasStatus(error, 400) && /has already been taken/i.test(error.message);
}

function isFull(error: unknown): boolean {
  return hasStatus(error, 400) && /maximum number of .* exceeded/i.test(error.message);
}

function conflict(name: string, after: number, there: number): GitLabError {
  return new GitLabError(
    'conflict',
    `secure file ${name} was to follow generation ${after}, but ${there} is there: it has another writer`,
    { status: 400, retryable: false },
  );
}
