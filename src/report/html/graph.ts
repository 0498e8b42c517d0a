import { formatCount, plural } from '../format.js';
import type { ReportModel, ReportTarget } from '../model.js';
import { LayoutBudget, layoutGraph } from './graph-layout.js';
import { targetGraph, type TargetGraph } from './graph-model.js';
import { graphSvg } from './graph-svg.js';
import { icon } from './icons.js';
import { markup, type Markup } from './markup.js';
import { outcomeLabels } from './outcomes.js';
import { empty, folded, section } from './view.js';
import { outcomes } from '../../domain/cleanup/result.js';

interface Drawing {
  target: ReportTarget;
  graph: TargetGraph;
}

/** What had to go before what, per target, coloured by what became of it. */
export function graphSection(model: ReportModel): Markup {
  const drawings = model.targets
    .filter((target) => target.items.length > 0)
    .map((target) => ({ target, graph: targetGraph(target) }));
  if (drawings.length === 0) {
    return section('graph', 'Dependencies', undefined, empty('There is nothing to draw.'));
  }
  const budget = new LayoutBudget();
  const most = Math.max(...drawings.map(interest));
  const open = most > 0 ? drawings.find((drawing) => interest(drawing) === most) : undefined;
  return section(
    'graph',
    'Dependencies',
    'What had to go first stands on the left; an arrow leads to what could go after it.',
    legend(),
    markup`<div class="box graphs${drawings.length > 30 && ' tall'}">${drawings.map((drawing) => graphDetails(drawing, budget, model, drawing === open))}</div>`,
  );
}

/** The graph that is open at first is the one that explains most: where something was held up. Large ones stay folded. */
function interest({ target, graph }: Drawing): number {
  if (graph.edgeCount === 0 || graph.edgeCount > 200) return 0;
  return 1 + target.counts.blocked * 3 + target.counts.failed * 2;
}

function legend(): Markup {
  return markup`<ul class="legend" aria-label="Legend">${outcomes.map((o) => markup`<li class="${o}-text">${icon(o)}<span>${outcomeLabels[o]}</span></li>`)}<li>${icon('outside')}<span>Outside the selection</span></li></ul>`;
}

function graphDetails(
  { target, graph }: Drawing,
  budget: LayoutBudget,
  model: ReportModel,
  open: boolean,
): Markup {
  const facts = `${plural(target.items.length, 'resource')}, ${plural(graph.edgeCount, 'dependency', 'dependencies')}`;
  const { failed, blocked } = target.counts;
  const trouble = markup`${failed > 0 && markup`<span class="badge failed">${icon('failed')}${formatCount(failed)} failed</span>`}${blocked > 0 && markup`<span class="badge blocked">${icon('blocked')}${formatCount(blocked)} blocked</span>`}`;
  const placement = layoutGraph(graph, budget);
  const content = markup`<div class="graph-body"><div class="toolbar zoom"><button type="button" class="button" data-zoom="fit">Fit</button><button type="button" class="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" class="button" data-zoom="in" aria-label="Zoom in">+</button></div><div class="viewport" tabindex="0" role="region" aria-label="Dependencies in ${target.name}">${graphSvg(placement)}</div></div>`;
  return markup`<details class="graph" data-target="${target.index}"${open && markup` open`}><summary>${icon('chevron')}<span class="name">${target.name}</span><span class="sub">${facts}</span>${trouble}</summary>${folded(model, content)}</details>\n`;
}
