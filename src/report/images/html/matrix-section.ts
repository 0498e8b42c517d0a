import type { CellStatus, LineStatus } from '../../../domain/images/result.js';
import { formatClock, parseTime, plural } from '../../format.js';
import { icon } from '../../html/icons.js';
import { markup, type Markup } from '../../html/markup.js';
import { empty, section } from '../../html/view.js';
import { type Matrix, type MatrixColumn, matrixOf, missingFor } from '../matrix.js';
import { problemId } from './problems.js';

/** The images: OSes across, versions down, the newest first. */
export function matrixSection({ cells }: LineStatus): Markup {
  const matrix = matrixOf(cells);
  if (matrix.rows.length === 0)
    return section('matrix', 'Images', undefined, empty('There are no images yet.'));
  const { rows, columns } = matrix;
  const lead = `${plural(rows.length, 'version')} on ${plural(columns.length, 'base')}, the newest version first. A click takes the whole id of an image.`;
  return section(
    'matrix',
    'Images',
    lead,
    markup`<div class="box scroll${rows.length > 15 && ' tall'}" tabindex="0" role="region" aria-label="Images by version and base OS"><table class="grid matrix"><thead><tr><th scope="col">Version</th>${columns.map((column) => head(column, matrix))}</tr></thead><tbody>${rows.map(
      (row) =>
        markup`<tr><th scope="row" class="mono">${row.evr}</th>${row.cells.map((cell, index) => cellOf(cell, columns[index], matrix))}</tr>`,
    )}</tbody></table></div>`,
  );
}

function head({ os, arch }: MatrixColumn, { severalArchitectures }: Matrix): Markup {
  return markup`<th scope="col">${os}${severalArchitectures && markup`<span class="sub">${arch}</span>`}</th>`;
}

function cellOf(
  cell: CellStatus | undefined,
  column: MatrixColumn | undefined,
  { severalArchitectures }: Matrix,
): Markup {
  const { os = '', arch = '' } = column ?? {};
  const label = severalArchitectures ? `${os} ${arch}` : os;
  if (!cell)
    return markup`<td class="none" data-label="${label}"><span aria-label="no such image">–</span></td>`;
  return markup`<td data-label="${label}">${standing(cell)}</td>`;
}

/** Colour, shape and word together: none of them has to be seen alone. */
function standing(cell: CellStatus): Markup {
  switch (cell.state) {
    case 'built':
      return markup`<span class="is-built"><i class="swatch deleted" aria-hidden="true"></i>${cell.imageId === undefined ? 'built' : markup`<span class="visually-hidden">built </span><code class="image-id">${cell.imageId}</code>`}</span>`;
    case 'building':
      return markup`<span class="badge building">${icon('clock')}building</span>`;
    case 'held':
      return markup`<a class="badge failed" href="#${problemId(cell)}">${icon('blocked')}held</a>`;
    case 'missing':
      return missing(cell);
  }
}

function missing(cell: CellStatus): Markup {
  switch (missingFor(cell)) {
    case 'retry': {
      const at = parseTime(cell.nextTry);
      const text = at === undefined ? 'next try' : `next try ${formatClock(at).slice(0, 5)}`;
      return markup`<a class="badge blocked" href="#${problemId(cell)}">${icon('failed')}${text}</a>`;
    }
    case 'approval':
      return markup`<span class="badge blocked">${icon('skipped')}approval</span>`;
    case 'turn':
    case undefined:
      return markup`<span class="badge skipped">${icon('skipped')}missing</span>`;
  }
}
