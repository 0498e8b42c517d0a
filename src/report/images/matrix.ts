import type { CellState, CellStatus } from '../../domain/images/result.js';

/** A base OS and an architecture: a column of the matrix. */
export interface MatrixColumn {
  os: string;
  arch: string;
}

export interface MatrixRow {
  evr: string;
  /** One for each column; absent where the line has no such image. */
  cells: (CellStatus | undefined)[];
}

/** The images of a line: OSes and architectures across, versions down, in the order that the status gives them. */
export interface Matrix {
  columns: MatrixColumn[];
  rows: MatrixRow[];
  /** Whether there are several architectures, so that a column has to say which is its. */
  severalArchitectures: boolean;
}

export function matrixOf(cells: readonly CellStatus[]): Matrix {
  const byVersion = new Map<string, Map<string, CellStatus>>();
  for (const cell of cells) {
    const row = byVersion.get(cell.evr) ?? new Map<string, CellStatus>();
    byVersion.set(cell.evr, row.set(columnKey(cell), cell));
  }
  const columns = new Map<string, MatrixColumn>();
  // The version with the most images knows best in which order the columns are.
  const fullest = [...byVersion.values()].sort((a, b) => b.size - a.size);
  for (const row of fullest)
    for (const [key, { os, arch }] of row) if (!columns.has(key)) columns.set(key, { os, arch });
  return {
    columns: [...columns.values()],
    rows: [...byVersion].map(([evr, row]) => ({
      evr,
      cells: [...columns.keys()].map((key) => row.get(key)),
    })),
    severalArchitectures: new Set([...columns.values()].map(({ arch }) => arch)).size > 1,
  };
}

function columnKey({ os, arch }: MatrixColumn): string {
  return `${os}/${arch}`;
}

export type CellCounts = Record<CellState, number>;

export function countCells(cells: readonly Pick<CellStatus, 'state'>[]): CellCounts {
  const counts: CellCounts = { built: 0, building: 0, missing: 0, held: 0 };
  for (const { state } of cells) counts[state] += 1;
  return counts;
}

/** What an image that is not there waits for. */
export type Missing = 'approval' | 'retry' | 'turn';

/** Undefined for one that is there, worked on, or held. */
export function missingFor({ state, attempts, reason }: CellStatus): Missing | undefined {
  if (state !== 'missing') return undefined;
  if (attempts !== undefined) return 'retry';
  return reason === undefined ? 'turn' : 'approval';
}

/** `16.11.0-1 on al2023 (x86_64)` */
export function cellName({ evr, os, arch }: Pick<CellStatus, 'evr' | 'os' | 'arch'>): string {
  return `${evr} on ${os} (${arch})`;
}
