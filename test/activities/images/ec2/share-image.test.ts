import { expect, test, vi } from 'vitest';
import { formOf } from '../../../../sandbox/core/aws-query.js';
import type { AwsRequest } from '../../../../sandbox/core/service.js';
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
/** What ModifySnapshotAttribute was asked: snapshot and account. */
let snapshotShares: string[];

const share = (accounts: string[], imageId = base) => {
  const worker = stage.worker();
  const { shareImage } = worker.activities;
  return worker.run(shareImage, { place: stage.place, region: home, imageId, accounts });
};
const shown = async (id = base) => (await living(stage, home)).find((image) => image.id === id)!;

/** A sandbox whose EC2 takes permissions of snapshots, too. */
async function start(scenario: Scenario = {}): Promise<void> {
  stage = await setStage(scenario);
  snapshotShares = [];
  const { service } = stage.sandbox.services.ec2;
  const handle = service.handle.bind(service);
  vi.spyOn(service, 'handle').mockImplementation((request: AwsRequest) => {
    const form = formOf(request);
    if (form.get('Action') !== 'ModifySnapshotAttribute') return handle(request);
    for (let n = 1; ; n++) {
      const user = form.get(`CreateVolumePermission.Add.${n}.UserId`);
      if (user === null) break;
      snapshotShares.push(`${form.get('SnapshotId') ?? ''} ${user}`);
    }
    return {
      action: 'ModifySnapshotAttribute',
      status: 200,
      headers: { 'content-type': 'text/xml;charset=UTF-8' },
      body: '<ModifySnapshotAttributeResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><return>true</return></ModifySnapshotAttributeResponse>',
      effective: true,
    };
  });
}

test('accounts may launch an image and copy its snapshots; those who might before still may', async () => {
  await start();
  await share([stranger]);
  await share(['333333333333', '444444444444']);
  const { sharedWith, snapshots } = await shown();
  expect(sharedWith).toEqual([stranger, '333333333333', '444444444444']);
  expect(snapshotShares).toEqual(
    [stranger, '333333333333', '444444444444'].map((user) => `${snapshots[0] ?? ''} ${user}`),
  );
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
    message: expect.stringContaining('"nobody"') as string,
  });
});
