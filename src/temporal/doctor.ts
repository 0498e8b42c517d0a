import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { findServer, type FindOptions, type FoundServer } from './find.js';
import { messageOf } from './message-of.js';
import { remoteDeadlineMs } from './probe.js';
import { findGo } from './server-cli/go.js';
import { cliAtHand } from './server-cli/obtain.js';
import { cliVersion, compareVersions } from './server-cli/version.js';
import { waysOut } from './ways-out.js';

/** One thing that was looked at. */
export interface ServerCheck {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  /** How to mend it, where it isn't ok. */
  mend?: string;
}

const oldestNode = '20.19.0';
const defaultTaskQueue = 'nightshift';

/** Looks at all that running on Temporal needs. Starts, fetches and builds nothing; never throws. */
export async function serverDoctor(options: FindOptions = {}): Promise<ServerCheck[]> {
  const startable = await cliCheck(options.env ?? process.env);
  let server: FoundServer | undefined;
  let serverCheck: ServerCheck;
  try {
    server = await findServer(options);
    serverCheck = server === undefined ? noServer(startable) : foundServer(server);
  } catch (error) {
    const mend = 'Start that server, or mend or remove what names it.';
    serverCheck = { name: 'Temporal server', ok: false, detail: messageOf(error), mend };
  }
  const taskQueue = options.temporal?.taskQueue ?? defaultTaskQueue;
  const within = server === undefined ? [] : await insideChecks(server, taskQueue);
  return [nodeCheck(), serverCheck, ...within, startable];
}

export function nodeCheck(version = process.versions.node): ServerCheck {
  const ok = compareVersions(version, oldestNode) >= 0;
  const mend = `Install Node ${oldestNode} or newer.`;
  return { name: 'Node', ok, detail: version, ...(ok ? {} : { mend }) };
}

function foundServer(server: FoundServer): ServerCheck {
  const detail = `${server.address} (${server.foundBy}), server ${server.version}`;
  return { name: 'Temporal server', ok: true, detail };
}

function noServer(cli: ServerCheck): ServerCheck {
  const name = 'Temporal server';
  const none = 'none runs';
  if (!cli.ok) return { name, ok: false, detail: none, mend: `${waysOut.join('; or ')}.` };
  return { name, ok: true, detail: `${none}; --local and \`nightshift dev\` start one` };
}

/** Whether a server could be started here. */
async function cliCheck(env: NodeJS.ProcessEnv): Promise<ServerCheck> {
  const name = 'Temporal CLI';
  const problems: string[] = [];
  const cli = await cliAtHand(env, problems);
  if (cli !== undefined) {
    const version = await cliVersion(cli.path);
    const origin = { path: 'on the PATH', download: 'downloaded', built: 'built by Nightshift' };
    const server = version === undefined ? '' : `, server ${version.server}`;
    return { name, ok: true, detail: `${cli.path} (${origin[cli.how]}${server})` };
  }
  const go = await findGo(env);
  if (!('problem' in go)) {
    const detail = `not here yet; it is downloaded, or built with Go ${go.version}, when it is needed`;
    return { name, ok: true, detail };
  }
  const detail = [...problems, go.problem].join('; ');
  const mend =
    'Put `temporal` on the PATH, or install Go 1.25 or newer; not needed with TEMPORAL_ADDRESS.';
  return { name, ok: false, detail, mend };
}

async function insideChecks(server: FoundServer, taskQueue: string): Promise<ServerCheck[]> {
  const connection = Connection.lazy(server.connectionOptions);
  try {
    return await connection.withDeadline(Date.now() + remoteDeadlineMs, async () => {
      const namespace = await namespaceCheck(connection, server.namespace);
      return namespace.ok
        ? [namespace, await workersCheck(connection, server.namespace, taskQueue)]
        : [namespace];
    });
  } finally {
    await connection.close();
  }
}

async function namespaceCheck(connection: Connection, namespace: string): Promise<ServerCheck> {
  const name = 'Namespace';
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return { name, ok: true, detail: namespace };
  } catch (error) {
    const mend = `Create it (\`temporal operator namespace create --namespace ${namespace}\`), or name another one.`;
    return { name, ok: false, detail: `${namespace}: ${messageOf(error)}`, mend };
  }
}

async function workersCheck(
  connection: Connection,
  namespace: string,
  taskQueue: string,
): Promise<ServerCheck> {
  const name = 'Workers';
  try {
    const types = proto.temporal.api.enums.v1.TaskQueueType;
    const pollers = new Set<string>();
    for (const taskQueueType of [types.TASK_QUEUE_TYPE_WORKFLOW, types.TASK_QUEUE_TYPE_ACTIVITY]) {
      const answer = await connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType,
      });
      for (const poller of answer.pollers) pollers.add(poller.identity ?? '');
    }
    const count = pollers.size;
    const detail = `${count === 0 ? 'none' : count} on the task queue "${taskQueue}"`;
    const mend = 'Start one with `nightshift worker`, or add --local to a run.';
    return { name, ok: count > 0, detail, ...(count > 0 ? {} : { mend }) };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error), mend: 'See what the server logs.' };
  }
}
