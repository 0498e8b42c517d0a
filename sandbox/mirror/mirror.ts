import { Folder } from './content/folder.js';
import { listPath } from './content/files.js';
import { entriesOf, keyOf, type Entry } from './entry.js';
import { Generation } from './generation.js';
import type { MirrorPackage, MirrorSpec, MirrorState } from './schema.js';

/** A file as it is served: times are sandbox ms, of a folder's files ms of real time. */
export interface MirrorFile {
  body: Buffer;
  modifiedAt: number;
}

/** Generations that are kept for reads of what was. */
const keptGenerations = 10;

/** A package mirror, and how it serves just now. */
export class Mirror {
  private readonly entries = new Map<string, Entry>();
  private readonly folder: Folder | undefined;
  private generations: Generation[] = [];
  private state: MirrorState;
  private stateSince: number;
  /** Requests that the state has struck. */
  private struck = 0;

  /**
   * @param now sandbox ms
   * @throws RangeError for a folder that isn't there
   */
  constructor(
    readonly spec: MirrorSpec,
    now: number,
  ) {
    this.state = spec.state;
    this.stateSince = now;
    if (spec.kind === 'folder') {
      this.folder = new Folder(spec.name, spec.folder);
      return;
    }
    for (const entry of spec.packages.flatMap((each) => entriesOf(spec, each)))
      this.entries.set(keyOf(entry), entry);
    this.begin(now);
  }

  get packages(): readonly Entry[] {
    return [...this.entries.values()];
  }

  /** How many of them are new. */
  add(packages: readonly MirrorPackage[], now: number): number {
    const before = this.entries.size;
    for (const entry of packages.flatMap((each) => entriesOf(this.spec, each)))
      this.entries.set(keyOf(entry), entry);
    const added = this.entries.size - before;
    if (added > 0) this.begin(now);
    return added;
  }

  /** How many there were. */
  remove(isMeant: (entry: Entry) => boolean, now: number): number {
    const meant = [...this.entries].filter(([, entry]) => isMeant(entry));
    for (const [key] of meant) this.entries.delete(key);
    if (meant.length > 0) this.begin(now);
    return meant.length;
  }

  setState(state: MirrorState, now: number): void {
    this.state = state;
    this.stateSince = now;
    this.struck = 0;
  }

  /** How it serves now: a state that was to last only so long is over by itself. */
  stateAt(now: number): MirrorState {
    const { state } = this;
    if (state.kind === 'whole') return state;
    const { seconds = Infinity, requests = Infinity } = state;
    const isOver = now >= this.stateSince + seconds * 1000 || this.struck >= requests;
    return isOver ? { kind: 'whole' } : state;
  }

  /** Counts a request that its state has struck. */
  strike(): void {
    this.struck++;
  }

  /** Whether a path is that of a list: what a state of `midSync` or `half` is about. */
  isList(path: string): boolean {
    return this.spec.kind === 'html' ? path === '' : listPath.test(path);
  }

  /** @param at sandbox ms: what was there then */
  async file(path: string, at: number): Promise<MirrorFile | undefined> {
    if (this.folder) return this.folder.file(path);
    const generation = this.generations.findLast(({ since }) => since <= at) ?? this.generations[0];
    const body = generation?.files.get(path);
    return generation && body && { body, modifiedAt: generation.since };
  }

  /** The list of before at the path of the one that there is now; of the first, one of no packages. */
  olderList(path: string): Buffer | undefined {
    const { spec } = this;
    if (spec.kind === 'folder') return undefined;
    const before = this.generations.at(-2) ?? new Generation(spec, [], this.stateSince);
    return before.listFor(path);
  }

  private begin(now: number): void {
    const { spec } = this;
    if (spec.kind === 'folder') return;
    this.generations.push(new Generation(spec, this.packages, now));
    this.generations = this.generations.slice(-keptGenerations);
  }
}
