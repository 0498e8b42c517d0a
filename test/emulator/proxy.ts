import {
  createServer,
  type IncomingMessage,
  request as send,
  type ServerResponse,
} from 'node:http';
import { z } from 'zod';

/** A call that passed through, as far as the tests look at it. */
export interface ObservedCall {
  account: string;
  region: string;
  service: string;
  /** The query API's action, or the HTTP method where the service has none (S3). */
  action: string;
  /** Parameters of the query API; empty where the service has none. */
  parameters: Record<string, string>;
  path: string;
  /** HTTP status of the answer. */
  status: number;
}

export interface Proxy {
  endpoint: string;
  /** All calls so far, in the order in which their answers came. */
  calls: ObservedCall[];
  /** Runs before a call is passed on: a test can change the cloud at that very moment. */
  beforeCall: ((call: Omit<ObservedCall, 'status'>) => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/**
 * Stands between Nightshift and the emulator and sees every call. It changes none.
 */
export async function startProxy(target: string): Promise<Proxy> {
  const proxy: Pick<Proxy, 'calls' | 'beforeCall'> = { calls: [], beforeCall: undefined };
  const accounts = new Map<string, string>();
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(502).end(String(error));
    });
  });

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readAll(incoming);
    const call = describe(incoming, body, accounts);
    await proxy.beforeCall?.(call);
    const answer = await forward(target, incoming, body);
    const answerBody = await readAll(answer);
    rememberSession(call, answerBody, accounts);
    proxy.calls.push({ ...call, status: answer.statusCode ?? 0 });
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(answerBody);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function describe(
  incoming: IncomingMessage,
  body: Buffer,
  accounts: ReadonlyMap<string, string>,
): Omit<ObservedCall, 'status'> {
  const credential = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/.exec(
    incoming.headers.authorization ?? '',
  );
  const [, accessKey = '', region = '', service = ''] = credential ?? [];
  const form = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const parameters = form ? Object.fromEntries(new URLSearchParams(body.toString())) : {};
  return {
    // A 12-digit key is the account's id; others are the keys of an assumed role.
    account: accounts.get(accessKey) ?? accessKey,
    region,
    service,
    action: parameters['Action'] ?? incoming.method ?? '',
    parameters,
    path: incoming.url ?? '/',
  };
}

/** Learns which account the keys that AssumeRole returned belong to. */
function rememberSession(
  call: Omit<ObservedCall, 'status'>,
  answer: Buffer,
  accounts: Map<string, string>,
): void {
  if (call.action !== 'AssumeRole') return;
  const key = /<AccessKeyId>([^<]+)</.exec(answer.toString())?.[1];
  const account = /::(\d{12}):role\//.exec(call.parameters['RoleArn'] ?? '')?.[1];
  if (key !== undefined && account !== undefined) accounts.set(key, account);
}

function forward(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(incoming.url ?? '/', target), {
      method: incoming.method,
      headers: incoming.headers,
      agent: false,
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(z.instanceof(Uint8Array).parse(chunk));
  return Buffer.concat(chunks);
}
