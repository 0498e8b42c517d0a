import { expect, test } from 'vitest';
import {
  account,
  base,
  callsReach,
  home,
  living,
  setStage,
  type Scenario,
  type Stage,
  stranger,
} from './support.js';

let stage: Stage;

const share = (accounts: string[], imageId = base) => {
  const worker = stage.worker();
  const { shareImage } = worker.activities;
  return worker.run(shareImage, { place: stage.place, region: home, imageId, accounts });
};
const shown = async (id = base) => (await living(stage, home)).find((image) => image.id === id)!;

const start = async (scenario: Scenario = {}) => void (stage = await setStage(scenario));

test('accounts may launch an image and copy its snapshots; those who might before still may', async () => {
  await start();
  await share([stranger]);
  await share(['333333333333', '444444444444']);
  const { sharedWith, snapshotsSharedWith } = await shown();
  expect(sharedWith).toEqual([stranger, '333333333333', '444444444444']);
  expect(snapshotsSharedWith).toEqual(sharedWith);
});

test('sharing again changes nothing', async () => {
  await start();
  await share([stranger]);
  await share([stranger]);
  expect((await shown()).sharedWith).toEqual([stranger]);
});

test('with nobody there is nothing to do', async () => {
  await start();
  await share([]);
  expect(await stage.admin.ledger()).toEqual([]);
});

test('an image that was just made is shared once EC2 knows it', async () => {
  await start({ speed: 1e-6 });
  const { images } = stage.sandbox.services.ec2;
  const { id } = images.makeImage({ account, region: home, name: 'new' });
  const sharing = share([stranger], id);
  await callsReach(stage, 'DescribeImages', 3);
  stage.sandbox.clock.skip(5);
  await sharing;
  expect((await shown(id)).sharedWith).toEqual([stranger]);
});

test('what is throttled or lost is done again', async () => {
  await start();
  await stage.admin.setFaults([
    { kind: 'throttle', service: 'ec2', share: 0.2 },
    { kind: 'loseResponse', service: 'ec2', share: 0.2 },
  ]);
  await share([stranger]);
  expect((await shown()).sharedWith).toEqual([stranger]);
});

test('what EC2 does not take is told, with the account', async () => {
  await start();
  await expect(share(['nobody'])).rejects.toMatchObject({
    type: 'AwsRefused',
    nonRetryable: true,
    message: expect.stringContaining('nobody') as string,
  });
});
