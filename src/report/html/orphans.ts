import { plural } from '../format.js';
import type { ReportModel, ReportOrphan } from '../model.js';
import { markup, type Markup } from './markup.js';
import { empty, inChunks, itemButton, section } from './view.js';

/** The ledger of resources that outlived their stack because a policy allowed it: nobody else keeps track. */
export function orphansSection(model: ReportModel): Markup {
  const { orphans } = model;
  if (orphans.length === 0) {
    return section('orphans', 'Orphan ledger', undefined, empty('No resource was left behind.'));
  }
  return section(
    'orphans',
    'Orphan ledger',
    `${plural(orphans.length, 'resource')} outlived their stacks because a policy allows retaining or forcing. No stack owns them any more, and some cost money.`,
    inChunks(orphans, 'orphans', orphanTable),
  );
}

function orphanTable(orphans: readonly ReportOrphan[]): Markup {
  return markup`<div class="box scroll" tabindex="0" role="region" aria-label="Orphaned resources"><table class="grid"><thead><tr><th scope="col">Type</th><th scope="col">Physical id</th><th scope="col">Logical id</th><th scope="col">Stack</th><th scope="col">Target</th><th scope="col">Reason</th></tr></thead><tbody>${orphans.map(orphanRow)}</tbody></table></div>`;
}

function orphanRow({ item, orphan }: ReportOrphan): Markup {
  return markup`<tr><td data-label="Type">${orphan.type}</td><td data-label="Physical id" class="mono">${orphan.physicalId ?? 'not known'}</td><td data-label="Logical id" class="mono">${orphan.logicalId}</td><td data-label="Stack">${itemButton(item)}</td><td data-label="Target">${item.target.name}</td><td data-label="Reason">${orphan.reason}</td></tr>`;
}
