import { adaptiveStyles } from './adapt.js';
import { baseStyles } from './base.js';
import { graphStyles } from './graph.js';
import { itemStyles } from './items.js';
import { matrixStyles, narrowMatrixStyles } from './matrix.js';
import { summaryStyles } from './summary.js';
import { tableStyles } from './tables.js';
import { timelineStyles } from './timeline.js';
import { tokenStyles } from './tokens.js';

/** The style sheet of a run's page. What adapts to the medium comes last, as it overrides the rest. */
export const stylesheet = [
  tokenStyles,
  baseStyles,
  summaryStyles,
  tableStyles,
  timelineStyles,
  graphStyles,
  itemStyles,
  adaptiveStyles,
].join('');

/** That of a line's page. */
export const lineStylesheet = [
  tokenStyles,
  baseStyles,
  summaryStyles,
  tableStyles,
  matrixStyles,
  adaptiveStyles,
  narrowMatrixStyles,
].join('');
