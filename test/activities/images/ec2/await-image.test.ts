import { describe, expect, test } from 'vitest';
import {
  account,
  base,
  callsOf,
  callsReach,
  home,
  laterBy,
  setStage,
  type Stage,
  type Worker,
} from './support.js';

let stage: Stage;
let worker: Worker;
const start = async (speed = 1e-6) => {
  stage = await setStage({ speed });
  worker = stage.worker();
};
const awaitImage = (imageId: string, timeout = '1h', scheduledTimestampMs = Date.now()) =>
  worker.run(
    worker.activities.awaitImage,
    { place: stage.place, region: home, imageId, timeout },
    { scheduledTimestampMs },
  );
const make = (availableAfter?: number) =>
  stage.sandbox.services.ec2.images.makeImage({
    account,
    region: home,
    name: 'made',
    ...(availableAfter === undefined ? {} : { availableAfter }),
  }).id;
const skip = (seconds: number) => stage.sandbox.clock.skip(seconds);
const never = { type: 'ImageFailed', nonRetryable: true };

describe('an image', () => {
  test('that is available is waited for with one call', async () => {
    await start();
    await awaitImage(base);
    expect(await callsOf(stage, 'DescribeImages')).toBe(1);
  });

  test('that was just made is waited for, though EC2 doesn’t know it at first', async () => {
    await start();
    const id = make(600);
    const waiting = awaitImage(id);
    await callsReach(stage, 'DescribeImages', 3);
    const [first] = await stage.admin.ledger({ action: 'DescribeImages' });
    expect(first).toMatchObject({ outcome: 'InvalidAMIID.NotFound', subject: id });
    skip(10);
    const calls = await callsOf(stage, 'DescribeImages');
    await callsReach(stage, 'DescribeImages', calls + 2);
    skip(600);
    await waiting;
  });

  test('that failed says why, and is not waited for again', async () => {
    await start();
    const id = make(600);
    const waiting = awaitImage(id);
    await stage.admin.changeImage({ id, state: 'failed', reason: 'KMS says no' });
    skip(10);
    await expect(waiting).rejects.toMatchObject({
      ...never,
      message: `image ${id} in ${home} can’t be used: failed: KMS says no`,
    });
  });

  test('that is not there after a good while never will be', async () => {
    await start();
    const waiting = awaitImage('ami-00000000000000000');
    await callsReach(stage, 'DescribeImages', 3);
    laterBy(121_000);
    await expect(waiting).rejects.toMatchObject({
      ...never,
      message: `there is no image ami-00000000000000000 in ${home}`,
    });
  });

  test('that was deregistered never will be available, either', async () => {
    await start();
    await stage.admin.changeImage({ id: base, state: 'deregistered' });
    skip(10);
    const waiting = awaitImage(base);
    await callsReach(stage, 'DescribeImages', 3);
    laterBy(121_000);
    await expect(waiting).rejects.toMatchObject(never);
  });

  test('that takes longer than it may has failed, whenever its waiting was begun anew', async () => {
    await start();
    const id = make(6_000);
    skip(10);
    await expect(awaitImage(id, '1h', Date.now() - 3_600_001)).rejects.toMatchObject({
      ...never,
      message: `image ${id} in ${home} was not available after 1h`,
    });
    expect(await callsOf(stage, 'DescribeImages'), 'looked at first, all the same').toBe(1);
  });
});

test('a worker that is told to stop leaves the waiting to another', async () => {
  await start();
  const id = make(600);
  const waiting = awaitImage(id);
  await callsReach(stage, 'DescribeImages', 1);
  worker.stop();
  await expect(waiting).rejects.toMatchObject({ type: 'WorkerStops', nonRetryable: false });
});

test('throttled looks are waited out', async () => {
  await start(300);
  await stage.admin.setFaults([
    { kind: 'throttle', service: 'ec2', share: 0.4 },
    { kind: 'staleRead', service: 'ec2', share: 0.4, seconds: 20 },
  ]);
  await awaitImage(make(30));
});
