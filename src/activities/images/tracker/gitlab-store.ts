import type { Pace } from '../../../domain/config/index.js';
import type { GitLabProject } from '../../../domain/images/spec.js';
import { type GitLab, GitLabError, type StoredFile } from '../../../gitlab/index.js';
import type { GitLabAccess } from '../builders/gitlab/access.js';
import type { TrackerStore } from './store.js';

export interface GitLabStoreOptions {
  gitlab: GitLabAccess;
  file: GitLabProject & { name: string };
  pace: Pace;
  signal: AbortSignal;
}

/** A tracker in a secure file of a project: in numbered generations, and a plain copy for readers that know none. */
export class GitLabStore implements TrackerStore {
  readonly name: string;

  constructor(private readonly options: GitLabStoreOptions) {
    const { url, project, name } = options.file;
    this.name = `secure file ${name} of ${project} at ${url}`;
  }

  async read(): Promise<string | undefined> {
    const { signal, file } = this.options;
    const stored = await this.use((gitlab) =>
      gitlab.readSecureFile(file.project, file.name, signal),
    );
    return stored && textOf(stored);
  }

  async write(text: string, check: (there: string) => void): Promise<void> {
    await this.use(async (gitlab) => {
      const stored = await this.find(gitlab);
      if (stored === 'damaged') {
        await this.replace(gitlab, text);
        return;
      }
      if (stored) {
        const there = textOf(stored);
        if (there === text && stored.plain === 'same') return;
        check(there);
      }
      // What another attempt of this has written since is not to be written over: it may be newer.
      const isNewest = (stored?.damaged ?? []).length === 0;
      await this.replace(gitlab, text, isNewest ? (stored?.generation ?? 0) : undefined);
    });
  }

  /** The newest whole file; `damaged` where there are some and none is whole: another one mends that. */
  private async find(gitlab: GitLab): Promise<StoredFile | 'damaged' | undefined> {
    const { file, signal } = this.options;
    try {
      return await gitlab.readSecureFile(file.project, file.name, signal);
    } catch (error) {
      if (error instanceof GitLabError && error.code === 'damaged') return 'damaged';
      throw error;
    }
  }

  private async replace(gitlab: GitLab, text: string, after?: number): Promise<void> {
    const { file, signal } = this.options;
    await gitlab.replaceSecureFile(file.project, file.name, text, { after }, signal);
  }

  private use<T>(work: (gitlab: GitLab) => Promise<T>): Promise<T> {
    const { gitlab, file, pace } = this.options;
    return gitlab.use(file, pace, this.name, work);
  }
}

function textOf({ content }: StoredFile): string {
  return Buffer.from(content).toString('utf8');
}
