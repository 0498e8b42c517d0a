import { createHash } from 'node:crypto';
import { invalid, notFound, tooLarge } from '../refusal.js';

export interface SecureFile {
  readonly id: number;
  readonly name: string;
  readonly content: Buffer;
  /** SHA-256, hexadecimal. */
  readonly checksum: string;
  /** Sandbox time, ms since the epoch. */
  readonly createdAt: number;
}

/** One change, and the names that were there after it. */
export interface SecureFileChange {
  kind: 'created' | 'deleted';
  name: string;
  checksum: string;
  at: number;
  names: readonly string[];
}

export interface SecureFileLimits {
  files: number;
  bytes: number;
}

/** The secure files of a project: created, read and deleted, never changed. */
export class SecureFiles {
  private readonly files = new Map<number, SecureFile>();
  private readonly changes: SecureFileChange[] = [];

  constructor(
    private readonly nextId: () => number,
    private readonly limits: SecureFileLimits,
  ) {}

  create(name: string, content: Buffer, now: number): SecureFile {
    // Less than the limit, not up to it (lib/api/ci/secure_files.rb).
    if (content.length >= this.limits.bytes) throw tooLarge();
    if (name.trim() === '') throw invalid('name', "can't be blank");
    // The uploader takes a file without bytes for none.
    if (content.length === 0) throw invalid('file', "can't be blank");
    if (this.named(name)) throw invalid('name', 'has already been taken');
    if (this.files.size >= this.limits.files)
      throw invalid(
        'base',
        `Maximum number of project ci secure files (${this.limits.files}) exceeded`,
      );
    const checksum = createHash('sha256').update(content).digest('hex');
    const file = { id: this.nextId(), name, content, checksum, createdAt: now };
    this.files.set(file.id, file);
    this.note('created', file, now);
    return file;
  }

  find(id: number): SecureFile {
    const file = this.files.get(id);
    if (!file) throw notFound();
    return file;
  }

  delete(id: number, now: number): SecureFile {
    const file = this.find(id);
    this.files.delete(id);
    this.note('deleted', file, now);
    return file;
  }

  /** The newest first (`order_by_created_at`), so that a page shifts when one comes or goes. */
  list(): SecureFile[] {
    return [...this.files.values()].reverse();
  }

  named(name: string): SecureFile | undefined {
    return this.list().find((file) => file.name === name);
  }

  /** What was ever created and deleted, oldest first. */
  history(): readonly SecureFileChange[] {
    return this.changes;
  }

  private note(kind: SecureFileChange['kind'], { name, checksum }: SecureFile, at: number): void {
    const names = [...this.files.values()].map((file) => file.name).sort();
    this.changes.push({ kind, name, checksum, at, names });
  }
}
