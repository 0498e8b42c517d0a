import { GitLabError } from './error.js';
import type { SecureFile } from './shapes.js';

/** The files of one name: the numbered generations, the newest first, and the plain copy. */
export interface Generations {
  numbered: { generation: number; file: SecureFile }[];
  plain?: SecureFile;
}

const most = 5_242_880;

export function generationsOf(name: string, files: readonly SecureFile[]): Generations {
  const plain = files.find((file) => file.name === name);
  const numbered = files
    .flatMap((file) => {
      const generation = generationIn(file.name, name);
      return generation === undefined ? [] : [{ generation, file }];
    })
    .sort((a, b) => b.generation - a.generation);
  return { numbered, ...(plain ? { plain } : {}) };
}

export function nameOf(name: string, generation: number): string {
  return `${name}.${generation}`;
}

function generationIn(candidate: string, name: string): number | undefined {
  if (!candidate.startsWith(`${name}.`)) return undefined;
  const number = candidate.slice(name.length + 1);
  return /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
}

export function checkName(name: string): void {
  if (name.trim() === '' || name.length > 200)
    throw invalid(`a secure file's name has 1 to 200 characters, was ${JSON.stringify(name)}`);
  // `a.1` would be taken for a generation of `a`.
  if (/\.\d+$/.test(name))
    throw invalid(`a secure file's name can't end in a number, was ${JSON.stringify(name)}`);
}

export function checkContent(name: string, { length }: Uint8Array): void {
  if (length === 0) throw invalid(`secure file ${name} would be empty`);
  if (length >= most)
    throw invalid(`secure file ${name} would have ${length} bytes; GitLab takes less than ${most}`);
}

function invalid(message: string): GitLabError {
  return new GitLabError('invalid', message, { retryable: false });
}
