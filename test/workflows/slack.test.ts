import { createServer } from 'node:http';
import { Connection } from '@temporalio/client';
import { afterEach, expect, inject, test } from 'vitest';
import { setStage, stack } from '../traps/scenario.js';

const secret = 'T0000/B0000/very-secret';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test('a summary is posted to Slack, by a webhook that only the environment knows', async () => {
  const slack = await slackAnswering(200);
  const { run } = await finish({ env: 'TEST_SLACK_WEBHOOK' }, slack.url);
  expect(slack.messages).toHaveLength(1);
  expect(slack.messages[0]).toMatchObject({ text: expect.stringContaining('1 deleted') as string });
  expect(await historyOf(run)).not.toContain('very-secret');
});

test('a webhook from SSM is read where it is used, and goes into no history', async () => {
  const slack = await slackAnswering(200);
  const parameters = [
    { name: '/nightshift/slack', value: slack.url, type: 'SecureString' as const },
  ];
  const { run } = await finish({ ssm: '/nightshift/slack' }, undefined, parameters);
  expect(slack.messages).toHaveLength(1);
  expect(await historyOf(run)).not.toContain('very-secret');
});

test('a notice that Slack refuses, or that has no webhook, never fails a run', async () => {
  const slack = await slackAnswering(404);
  expect((await finish({ env: 'TEST_SLACK_WEBHOOK' }, slack.url)).result.status).toBe('completed');
  expect(slack.messages).toHaveLength(1);
  expect((await finish({ env: 'TEST_SLACK_WEBHOOK' })).result.status).toBe('completed');
});

test('with on: failure a run that completed cleanly is not worth a notice', async () => {
  const slack = await slackAnswering(200);
  await finish({ env: 'TEST_SLACK_WEBHOOK' }, slack.url, [], 'failure');
  expect(slack.messages).toEqual([]);
});

async function finish(
  webhook: { env: string } | { ssm: string },
  url?: string,
  parameters: { name: string; value: string; type: 'SecureString' }[] = [],
  on: 'always' | 'failure' = 'always',
) {
  delete process.env['TEST_SLACK_WEBHOOK'];
  if (url !== undefined) process.env['TEST_SLACK_WEBHOOK'] = url;
  const stage = await setStage({
    fleet: { stacks: [stack('app')], parameters },
    config: { notifications: { slack: { webhook, on } } },
  });
  const run = await stage.start();
  return { run, result: await run.result() };
}

async function slackAnswering(status: number) {
  const messages: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      messages.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { messages, url: `http://127.0.0.1:${address.port}/services/${secret}` };
}

async function historyOf({
  workflowId,
  runId,
}: {
  workflowId: string;
  runId: string;
}): Promise<string> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  closing.push(() => connection.close());
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId, runId },
  });
  // Payloads are bytes: as text, so that what they hold can be searched.
  return JSON.stringify(history, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  );
}
