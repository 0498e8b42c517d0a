import { byIdScript } from './by-id.js';
import { coreScript } from './core.js';
import { detailsScript } from './details.js';
import { foldedScript } from './folded.js';
import { graphScript } from './graph.js';
import { itemsScript } from './items.js';
import { navigationScript } from './navigation.js';
import { themeScript } from './theme.js';
import { tooltipScript } from './tooltip.js';

/** The one script of a run's page. The theme comes first so that the page doesn't flash in the other one. */
export const clientScript = `'use strict';(() => {${[
  byIdScript,
  coreScript,
  themeScript,
  foldedScript,
  detailsScript,
  tooltipScript,
  graphScript,
  itemsScript,
  navigationScript,
].join('')}})();`;

/** That of a page which has nothing to filter or unfold. */
export const plainScript = `'use strict';(() => {${[byIdScript, themeScript, navigationScript].join('')}})();`;
