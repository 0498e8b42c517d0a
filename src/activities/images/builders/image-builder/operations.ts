/** What talks to Image Builder and EC2: loaded when it is needed, as their clients take tens of megabytes. */
export { followExecution } from './follow-execution.js';
export { startExecution } from './start-execution.js';
export { stopExecution } from './stop-execution.js';
