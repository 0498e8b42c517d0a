import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { FleetInput } from '../fleet/schema.js';
import type { Sandbox } from '../index.js';
import { clientConfig } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';

/** The stream that most tests read. */
export const place = { accountId: account, region, group: '/codebuild/app', stream: 'run-1' };
const named = { logGroupName: place.group, logStreamName: place.stream };

/** A sandbox where time stands still and every page is as full as it can be, unless `logs` says otherwise. */
export function logSandbox(
  logs: FleetInput['logs'] = {},
  rest: Partial<FleetInput> = {},
): Promise<Sandbox> {
  return oneTarget([], { ...rest, logs: { emptyPageShare: 0, partialPageShare: 0, ...logs } });
}

export function logsClient(sandbox: Sandbox, accountId = account): CloudWatchLogsClient {
  return new CloudWatchLogsClient(clientConfig(sandbox.url, accountId, region));
}

/** One page of the stream, from its head unless said otherwise. */
export async function read(
  client: CloudWatchLogsClient,
  input: Partial<GetLogEventsCommandInput> = {},
) {
  const answer = await client.send(
    new GetLogEventsCommand({ ...named, startFromHead: true, ...input }),
  );
  const { events = [], nextForwardToken: forward = '', nextBackwardToken: backward = '' } = answer;
  return { events, text: events.map(({ message }) => message).join(''), forward, backward };
}

/** Pages from a token (or the head) on, until a token comes back as it was sent. */
export async function drain(
  client: CloudWatchLogsClient,
  input: Partial<GetLogEventsCommandInput> = {},
) {
  const pages: Awaited<ReturnType<typeof read>>[] = [];
  for (let token = input.nextToken; ;) {
    const page = await read(client, {
      ...input,
      ...(token === undefined ? {} : { nextToken: token }),
    });
    if (page.forward === token)
      return { pages, token, text: pages.map(({ text }) => text).join('') };
    pages.push(page);
    token = page.forward;
  }
}

/** Writes lines, each with a line break, all stamped with the sandbox's time. */
export function writeLines(sandbox: Sandbox, ...lines: string[]): void {
  const timestamp = sandbox.clock.now();
  sandbox.services.logs.append(
    place,
    lines.map((line) => ({ timestamp, message: `${line}\n` })),
  );
}

/** `from`, `from + 1`, … `to` as lines. */
export function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
}
