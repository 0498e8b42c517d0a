import { allHandlersFinished, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import type { LineRequest } from '../../domain/images/messages.js';
import type { LineState } from '../../domain/images/line-state.js';
import { LineRun } from './line-run.js';
import * as messages from './messages.js';
import { choiceOf, pruneOf, requestOf, seedOf, settledOf } from './requests.js';

/**
 * Keeps the images of one product and channel up with its packages: the only one that decides what is built, and that
 * writes down what was. Lives for as long as it is not cancelled.
 */
export async function imageLine(request: LineRequest, carried?: LineState): Promise<void> {
  const run = new LineRun(request, carried);
  setHandler(messages.statusQuery, () => run.status());
  setHandler(messages.planQuery, () => run.plan());
  setHandler(messages.recordQuery, () => run.record());
  setHandler(messages.checkUpdate, (check) => run.check(check ?? {}), { validator: requestOf });
  setHandler(messages.settledUpdate, ({ check }) => run.settled(check), { validator: settledOf });
  setHandler(messages.buildUpdate, (choice) => run.build(choice ?? {}), { validator: choiceOf });
  setHandler(messages.releaseUpdate, (choice) => run.release(choice ?? {}), {
    validator: choiceOf,
  });
  setHandler(messages.seedUpdate, (seed) => run.seed(seed), { validator: seedOf });
  setHandler(messages.pruneUpdate, (prune) => run.prune(prune ?? {}), { validator: pruneOf });
  const next = await run.run();
  await condition(allHandlersFinished);
  if (next) await continueAsNew<typeof imageLine>(...next);
}
