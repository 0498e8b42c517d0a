import { connect } from 'node:net';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { clientConfig, s3Client } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await oneTarget([{ name: 'a' }]);
});
afterEach(() => sandbox.close());

test('a request that nobody signed is refused', async () => {
  const response = await fetch(sandbox.url, { method: 'POST', body: 'Action=ListStacks' });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('MissingAuthenticationToken');
});

test('a service that the sandbox does not have is named', async () => {
  const signed = {
    authorization: 'Credential=111111111111/20260101/us-east-1/braket/aws4_request',
  };
  const response = await fetch(sandbox.url, { method: 'POST', headers: signed });
  expect(await response.text()).toContain('no service that signs as "braket"');
});

test('every answer has a request id', async () => {
  const client = new CloudFormationClient(clientConfig(sandbox.url, account, region));
  const { $metadata } = await client.send(new ListStacksCommand({}));
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('a connection is kept for the next request', async () => {
  const response = await fetch(`${sandbox.url}/_sandbox/state`);
  expect(response.headers.get('connection')).toBe('keep-alive');
});

test('a client that dies in the middle of a request leaves the sandbox as it was', async () => {
  const { hostname, port } = new URL(sandbox.url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nAction=');
  socket.destroy();
  await expect(
    s3Client(sandbox.url, account, region).send(new ListBucketsCommand({})),
  ).resolves.toBeDefined();
});

test.each([
  ['cloudformation', 'Throttling', 400],
  ['s3', 'SlowDown', 503],
])('throttling by %s reads %s', async (service, code, status) => {
  sandbox.faults.set([{ kind: 'throttle', service, share: 1 }]);
  const call =
    service === 's3'
      ? s3Client(sandbox.url, account, region).send(new ListBucketsCommand({}))
      : new CloudFormationClient(clientConfig(sandbox.url, account, region)).send(
          new ListStacksCommand({}),
        );
  await expect(call).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
});
