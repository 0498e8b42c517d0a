import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** A Markdown file of the project. */
export interface Doc {
  /** Relative to the checkout: `docs/operations.md`. */
  path: string;
  text: string;
}

export interface Block {
  /** `README.md:42`, where the block begins. */
  place: string;
  /** Folder of its document, relative to the checkout. */
  folder: string;
  language: string;
  text: string;
}

const folders = ['bench', 'deploy', 'docs', 'examples', 'sandbox', 'tools'];

/** Every document that a reader of the project finds. */
export const docs: readonly Doc[] = [
  ...readdirSync(root),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file),
    ),
  ),
]
  .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

export function docAt(path: string): string {
  const found = docs.find((doc) => doc.path === path);
  if (!found) throw new Error(`there is no ${path}`);
  return found.text;
}

const fence = /^```(\w*)\n(.*?)^```$/gms;

/** The fenced blocks of a document. */
export function blocksOf({ path, text }: Doc): Block[] {
  return [...text.matchAll(fence)].map((match) => ({
    place: `${path}:${text.slice(0, match.index).split('\n').length}`,
    folder: path.split('/').slice(0, -1).join('/'),
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** A document without its fenced blocks: what is prose, tables and links. */
export function proseOf({ text }: Doc): string {
  return text.replace(fence, '');
}

/** The rows of a table that has this text in its header: their cells, without the code marks around them. */
export function tableOf(text: string, header: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === header);
  if (start < 0) throw new Error(`there is no table whose first column is ${header}`);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, length < 0 ? undefined : start + length).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
}
