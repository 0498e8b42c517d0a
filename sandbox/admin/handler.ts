import type { CloudFormation } from '../cloudformation/service.js';
import type { Clock } from '../core/clock.js';
import type { Incoming } from '../core/dispatcher.js';
import type { AdminHandler } from '../core/http.js';
import type { Faults } from '../faults/faults.js';
import type { Directory } from '../fleet/directory.js';
import type { Ledger } from '../ledger/ledger.js';

export interface AdminDependencies {
  clock: Clock;
  ledger: Ledger;
  faults: Faults;
  directory: Directory;
  cloudFormation: CloudFormation;
  settle: () => void;
}

type AdminAction = (request: Incoming) => unknown;

/** The API under `/_sandbox/`, for tests, the bench and the demo. */
export function createAdmin(dependencies: AdminDependencies): AdminHandler {
  const actions = new Map<string, AdminAction>([
    ['GET /_sandbox/ledger/summary', () => dependencies.ledger.summary()],
  ]);
  return (request) => {
    dependencies.settle();
    const action = actions.get(`${request.method} ${request.path}`);
    if (!action) return { status: 404, json: { error: `no ${request.method} ${request.path}` } };
    return { status: 200, json: action(request) };
  };
}
