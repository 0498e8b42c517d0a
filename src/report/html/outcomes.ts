import { outcomes, type Outcome } from '../../domain/cleanup/result.js';
import { formatCount } from '../format.js';
import type { OutcomeCounts } from '../model.js';
import { icon } from './icons.js';
import { markup, type Markup } from './markup.js';

export const outcomeLabels: Record<Outcome, string> = {
  deleted: 'Deleted',
  skipped: 'Skipped',
  blocked: 'Blocked',
  failed: 'Failed',
};

/** An outcome as colour, shape and word together: none of them has to be seen alone. */
export function outcomeBadge(outcome: Outcome): Markup {
  return markup`<span class="badge ${outcome}">${icon(outcome)}${outcomeLabels[outcome]}</span>`;
}

/** A bar of the outcomes' shares, with the figures in its label. */
export function shareBar(counts: OutcomeCounts): Markup {
  const total = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  if (total === 0) return markup`<span class="share" aria-hidden="true"></span>`;
  const present = outcomes.filter((outcome) => counts[outcome] > 0);
  const label = present.map((o) => `${formatCount(counts[o])} ${outcomeLabels[o].toLowerCase()}`);
  return markup`<span class="share" role="img" aria-label="${label.join(', ')}">${present.map(
    (o) => markup`<i class="${o}" style="flex-grow:${counts[o]}"></i>`,
  )}</span>`;
}
