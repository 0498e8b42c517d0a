import { createHash } from 'node:crypto';
import { GetLogEventsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { StopBuildCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { afterEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { codeBuildClient, logsClient } from '../testing/clients.js';
import { account, buildOf, buildspecOf, region, start, withProjects } from './testing.js';

let sandbox: Sandbox;
let client: CodeBuildClient;
let logs: CloudWatchLogsClient;
let admin: SandboxAdmin;
afterEach(() => sandbox.close());

async function open(...of: Parameters<typeof withProjects>) {
  sandbox = await withProjects(...of);
  client = codeBuildClient(sandbox.url, account, region);
  logs = logsClient(sandbox.url, account, region);
  admin = new SandboxAdmin(sandbox.url);
}

/** What can be read of a build's log now. */
async function read(id: string): Promise<string> {
  const { logs: place } = await buildOf(client, id);
  const messages: string[] = [];
  for (let token: string | undefined; ;) {
    const page = await logs.send(
      new GetLogEventsCommand({
        logGroupName: place?.groupName,
        logStreamName: place?.streamName ?? '',
        startFromHead: true,
        nextToken: token,
      }),
    );
    messages.push(...(page.events ?? []).map((event) => event.message ?? ''));
    if (page.nextForwardToken === token) return messages.join('');
    token = page.nextForwardToken;
  }
}

test('group and stream are named once there is a container to be, not before', async () => {
  await open([{ name: 'app', behaviour: { queueSeconds: 10, provisioningSeconds: 10 } }]);
  const id = await start(client, 'app');
  const queued = (await buildOf(client, id)).logs;
  expect(queued?.groupName).toBeUndefined();
  expect(queued?.streamName).toBeUndefined();
  expect(queued?.cloudWatchLogs?.status).toBe('ENABLED');
  sandbox.clock.skip(11);
  const provisioning = (await buildOf(client, id)).logs;
  expect(provisioning).toMatchObject({
    groupName: '/aws/codebuild/app',
    streamName: id.slice('app:'.length),
  });
  expect(provisioning?.deepLink).toContain('$252Faws$252Fcodebuild$252Fapp/log-events/');
  await expect(read(id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  sandbox.clock.skip(12);
  expect(await read(id)).toMatch(/^\[Container\] /);
});

test('they may be named later still', async () => {
  await open([{ name: 'app' }], { codebuild: { streamDelaySeconds: 5 } });
  const id = await start(client, 'app');
  sandbox.clock.skip(5.9);
  expect((await buildOf(client, id)).logs?.groupName).toBeUndefined();
  sandbox.clock.skip(0.2);
  expect((await buildOf(client, id)).logs?.groupName).toBe('/aws/codebuild/app');
});

test('a project without logs has none', async () => {
  await open([{ name: 'app', logs: { status: 'DISABLED' } }]);
  const id = await start(client, 'app');
  sandbox.clock.skip(60);
  const build = await buildOf(client, id);
  expect(build.buildStatus).toBe('SUCCEEDED');
  expect(build.logs?.cloudWatchLogs?.status).toBe('DISABLED');
  expect(build.logs?.groupName).toBeUndefined();
  expect(await admin.buildLog(id)).toMatchObject({ bytes: 0, text: '' });
});

test('the log speaks CodeBuild’s words, phase by phase', async () => {
  await open([{ name: 'app', behaviour: { log: { lines: 2 }, fail: { kind: 'command' } } }]);
  const id = await start(client, 'app', { buildspecOverride: buildspecOf('npm ci', 'npm test') });
  sandbox.clock.skip(60);
  const text = await read(id);
  expect(text).toMatch(
    /^\[Container\] \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{6} Running on CodeBuild On-demand\n/,
  );
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\[Container\] \S+ \S+ /, '> '))
    .filter((line) => line.startsWith('> '));
  const from = lines.indexOf('> Entering phase BUILD');
  expect(lines.slice(from)).toEqual([
    '> Entering phase BUILD',
    '> Running command npm ci',
    '> Running command npm test',
    '> Command did not exit successfully npm test exit status 1',
    '> Phase complete: BUILD State: FAILED',
    '> Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: npm test. Reason: exit status 1',
    '> Entering phase POST_BUILD',
    '> Phase complete: POST_BUILD State: SUCCEEDED',
    '> Phase context status code:  Message: ',
    '> Phase complete: UPLOAD_ARTIFACTS State: SUCCEEDED',
    '> Phase context status code:  Message: ',
  ]);
});

test('lines can be read late, after the end of the build, too', async () => {
  await open([{ name: 'app', behaviour: { log: { lines: 5, lateSeconds: 30 } } }]);
  const id = await start(client, 'app');
  sandbox.clock.skip(20);
  expect((await buildOf(client, id)).buildComplete).toBe(true);
  expect(await read(id)).toBe('');
  sandbox.clock.skip(30);
  expect(await read(id)).toBe((await admin.buildLog(id)).text);
});

test('a line is written every so often for as long as BUILD lasts', async () => {
  await open([
    {
      name: 'app',
      behaviour: { phases: { BUILD: 600 }, log: { everySeconds: 1, lateSeconds: 0 } },
    },
  ]);
  const id = await start(client, 'app');
  const linesBy = async () => [...(await read(id)).matchAll(/^\d+ /gm)].length;
  // BUILD begins after 6 seconds.
  sandbox.clock.skip(16);
  expect(await linesBy()).toBe(11);
  sandbox.clock.skip(100);
  expect(await linesBy()).toBe(111);
  sandbox.clock.skip(1000);
  expect(await linesBy()).toBe(600);
});

test('a log has as many bytes as asked for, in lines of their length, in parts if asked for', async () => {
  const log = { bytes: 1_000_003, lineBytes: 100, partialLines: true };
  await open([{ name: 'app', behaviour: { log } }]);
  const id = await start(client, 'app');
  sandbox.clock.skip(60);
  const text = await read(id);
  const output = /Running command make\n(.*)\[Container\] [^\n]+ Phase complete: BUILD/s.exec(text);
  const lines = output?.[1]?.split(/(?<=\n)/) ?? [];
  expect(Buffer.byteLength(lines.join(''))).toBe(1_000_003);
  expect(lines).toHaveLength(10_001);
  expect(new Set(lines.map((line) => Buffer.byteLength(line)))).toEqual(new Set([100, 3]));
  const truth = await admin.buildLog(id);
  expect(truth.bytes).toBe(Buffer.byteLength(text));
  expect(truth.sha256).toBe(createHash('sha256').update(text).digest('hex'));
});

test('a build that is stopped writes no more, and what it wrote still arrives', async () => {
  const behaviour = { phases: { BUILD: 100 }, log: { everySeconds: 1, lateSeconds: 5 } };
  await open([{ name: 'app', behaviour }]);
  const id = await start(client, 'app');
  sandbox.clock.skip(26);
  await client.send(new StopBuildCommand({ id }));
  sandbox.clock.skip(1);
  expect((await buildOf(client, id)).buildStatus).toBe('STOPPED');
  const seen = await read(id);
  sandbox.clock.skip(5);
  const whole = await read(id);
  expect(whole.length).toBeGreaterThan(seen.length);
  expect(whole.startsWith(seen)).toBe(true);
  sandbox.clock.skip(200);
  expect(await read(id)).toBe(whole);
  expect([...whole.matchAll(/^\d+ /gm)].length).toBeLessThanOrEqual(22);
});

test('the admin API shows builds as they are, ends them, and refuses what makes no sense', async () => {
  await open([{ name: 'app', env: { A: '1' } }, { name: 'other' }]);
  const id = await start(client, 'app');
  await start(client, 'other');
  expect(await admin.builds({ project: 'app', account: 'dev-1' })).toMatchObject([
    { id, account, region, status: 'IN_PROGRESS', phase: 'QUEUED', env: { A: { value: '1' } } },
  ]);
  const change = { id, status: 'FAULT', statusCode: 'HOST_LOST', message: 'gone' } as const;
  expect(await admin.changeBuild(change)).toMatchObject({ status: 'FAULT', phase: 'COMPLETED' });
  expect(await admin.builds({ status: 'FAULT' })).toHaveLength(1);
  await expect(admin.changeBuild(change)).rejects.toThrow(/has ended/);
  await expect(admin.buildLog('app:none')).rejects.toThrow(/no build app:none/);
});
