import { connect, disconnect, heartbeat, ping, register } from './actions/agents.js';
import { uploadChunk } from './actions/chunks.js';
import { accept, acquire, finish, start, state } from './actions/jobs.js';
import { annotate, getData, hasData, removeAnnotation, setData } from './actions/records.js';
import { stackRoutes } from './stacks/routes.js';
import type { BuildkiteCall, BuildkiteReply } from './call.js';

export interface Route {
  method: string;
  /** Path below `/v3`, with `:name` for what differs. */
  path: string;
  action: string;
  run: (call: BuildkiteCall) => BuildkiteReply;
}

const routes: readonly Route[] = [
  { method: 'POST', path: '/register', action: 'Register', run: register },
  { method: 'POST', path: '/connect', action: 'Connect', run: connect },
  { method: 'POST', path: '/disconnect', action: 'Disconnect', run: disconnect },
  { method: 'GET', path: '/ping', action: 'Ping', run: ping },
  { method: 'POST', path: '/heartbeat', action: 'Heartbeat', run: heartbeat },
  { method: 'PUT', path: '/jobs/:job/acquire', action: 'AcquireJob', run: acquire },
  { method: 'PUT', path: '/jobs/:job/accept', action: 'AcceptJob', run: accept },
  { method: 'PUT', path: '/jobs/:job/start', action: 'StartJob', run: start },
  { method: 'GET', path: '/jobs/:job', action: 'GetJobState', run: state },
  { method: 'POST', path: '/jobs/:job/chunks', action: 'UploadChunk', run: uploadChunk },
  { method: 'PUT', path: '/jobs/:job/finish', action: 'FinishJob', run: finish },
  { method: 'POST', path: '/jobs/:job/data/set', action: 'SetData', run: setData },
  { method: 'POST', path: '/jobs/:job/data/get', action: 'GetData', run: getData },
  { method: 'POST', path: '/jobs/:job/data/exists', action: 'HasData', run: hasData },
  { method: 'POST', path: '/jobs/:job/annotations', action: 'Annotate', run: annotate },
  {
    method: 'DELETE',
    path: '/jobs/:job/annotations/:context',
    action: 'RemoveAnnotation',
    run: removeAnnotation,
  },
  ...stackRoutes,
];

const patterns = routes.map((route) => ({
  route,
  pattern: new RegExp(`^/v3${route.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
}));

/** What a request asks for; undefined when Buildkite has no such thing. */
export function routeOf(
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  for (const { route, pattern } of patterns) {
    if (route.method !== method) continue;
    const match = pattern.exec(path);
    if (match) return { route, params: { ...match.groups } };
  }
  return undefined;
}
