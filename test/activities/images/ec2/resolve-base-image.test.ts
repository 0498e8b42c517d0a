import { expect, test } from 'vitest';
import { base, home, setStage, type Stage } from './support.js';

let stage: Stage;
const resolve = (baseImage: { id: string } | { ssm: string }) => {
  const worker = stage.worker();
  return worker.run(worker.activities.resolveBaseImage, { place: stage.place, baseImage });
};
const start = async (value: string) => {
  stage = await setStage({
    fleet: { parameters: [{ name: '/base/al2023', value, account: 'dev-1', region: home }] },
  });
};

test('an id is itself, without a call', async () => {
  await start(base);
  expect(await resolve({ id: base })).toBe(base);
  expect(await stage.admin.ledger()).toEqual([]);
});

test('a parameter is read in the account and region that is built in', async () => {
  await start(base);
  expect(await resolve({ ssm: '/base/al2023' })).toBe(base);
  expect(await stage.admin.ledger()).toMatchObject([{ action: 'GetParameter', region: home }]);
});

test('a parameter that is not there is named, with where it was looked for', async () => {
  await start(base);
  await expect(resolve({ ssm: '/base/al2' })).rejects.toMatchObject({
    type: 'InvalidInput',
    nonRetryable: true,
    message: `there is no SSM parameter /base/al2 in dev-1/${home}`,
  });
});

test('a parameter that holds something else is named, with what it holds and what it may', async () => {
  await start('{"image_id":"ami-1"}');
  await expect(resolve({ ssm: '/base/al2023' })).rejects.toMatchObject({
    type: 'InvalidInput',
    nonRetryable: true,
    message: `the SSM parameter /base/al2023 in dev-1/${home} must hold the id of a machine image, such as ami-0123456789abcdef0, not "{\\"image_id\\":\\"ami-1\\"}"`,
  });
});

test('SSM that throttles for long is tried again later', async () => {
  await start(base);
  stage = await setStage({ pace: { retries: 1 } });
  await stage.admin.setFaults([{ kind: 'throttle', service: 'ssm', share: 1 }]);
  await expect(resolve({ ssm: '/base/al2023' })).rejects.toMatchObject({
    type: 'AwsUnavailable',
    nonRetryable: false,
    nextRetryDelay: '30s',
  });
});
