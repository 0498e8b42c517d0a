import { createHash } from 'node:crypto';
import { type Caller, as } from './caller.js';
import { GitLabError, hasStatus } from './error.js';
import { segment } from './http.js';
import { type SecureFile, secureFileSchema } from './shapes.js';

const readings = 5;

/** The secure files of one project, call by call. */
export class SecureFiles {
  readonly #caller: Caller;
  readonly #path: string;

  constructor(caller: Caller, project: string | number) {
    this.#caller = caller;
    this.#path = `projects/${segment(project)}/secure_files`;
  }

  /**
   * All of them. Pages are cut by number, so that one which comes or goes meanwhile shifts the others: a list that
   * doesn't add up is read again, lest a file that is there be taken for one that isn't.
   */
  async list(signal?: AbortSignal): Promise<SecureFile[]> {
    for (let reading = 0; reading < readings; reading++) {
      const byId = new Map<number, SecureFile>();
      const totals = new Set<number | undefined>();
      const pages = this.#caller.pages('ListSecureFiles', this.#path, secureFileSchema, signal);
      for await (const { rows, total } of pages) {
        for (const file of rows) byId.set(file.id, file);
        totals.add(total);
      }
      const [total] = totals;
      if (totals.size === 1 && (total === undefined || total === byId.size))
        return [...byId.values()];
    }
    throw new GitLabError(
      'unavailable',
      `the list of secure files changed each time that it was read (${readings} times)`,
      { retryable: true },
    );
  }

  /** Refused (400) when there is one of this name, unless it is the very one: an answer that was lost. */
  async create(name: string, content: Uint8Array, signal?: AbortSignal): Promise<SecureFile> {
    const sha256 = sha256Of(content);
    const form = () => {
      const made = new FormData();
      made.set('name', name);
      made.set('file', new Blob([new Uint8Array(content)]), name);
      return made;
    };
    try {
      return await this.#caller.call(
        'CreateSecureFile',
        { method: 'POST', path: this.#path, form },
        as(secureFileSchema, 'CreateSecureFile'),
        signal,
      );
    } catch (error) {
      if (!hasStatus(error, 400)) throw error;
      const own = (await this.list(signal)).find((file) => file.name === name);
      if (own?.sha256 === sha256) return own;
      throw error;
    }
  }

  /** Its content, which is what its checksum says. Undefined: there is no such file any more. */
  async download(file: SecureFile, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      const path = `${this.#path}/${file.id}/download`;
      const content = await this.#caller.call(
        'DownloadSecureFile',
        { method: 'GET', path },
        async (response) => new Uint8Array(await response.arrayBuffer()),
        signal,
      );
      if (sha256Of(content) === file.sha256) return content;
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
    throw new GitLabError('damaged', `secure file ${file.name} isn't what its checksum says`, {
      retryable: true,
    });
  }

  /** One that is gone already is no error. */
  async delete(file: SecureFile, signal?: AbortSignal): Promise<void> {
    const path = `${this.#path}/${file.id}`;
    const done = () => Promise.resolve();
    const isGone = (status: number) => status === 404;
    await this.#caller.call('DeleteSecureFile', { method: 'DELETE', path }, done, signal, isGone);
  }
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
