import { describe, expect, test } from 'vitest';
import {
  abroad,
  base,
  callsOf,
  callsReach,
  further,
  home,
  imageSpec,
  laterBy,
  living,
  type Scenario,
  setStage,
  sourceTag,
  type Stage,
  tagsFor,
  tagsOn,
  until,
  type Worker,
} from './support.js';

let stage: Stage;
let worker: Worker;
async function start(scenario: Scenario = {}): Promise<void> {
  stage = await setStage(scenario);
  worker = stage.worker();
}

type SpecChange = Parameters<typeof imageSpec>[1];
const copy = (by = worker, more: SpecChange = {}, heartbeatDetails?: unknown) =>
  by.run(
    by.activities.copyImage,
    { spec: imageSpec(stage, more), region: abroad, imageId: base },
    { heartbeatDetails },
  );
const started = async () =>
  (await stage.admin.ledger({ action: 'CopyImage', effective: true })).length;
const skip = (seconds: number) => stage.sandbox.clock.skip(seconds);
const failed = { type: 'ImageFailed', nonRetryable: false };

/** There is one copy, it is the one that is named, and no snapshot is left that nothing uses. */
async function expectOnly(id: string): Promise<void> {
  expect(await living(stage, abroad)).toMatchObject([{ id, state: 'available' }]);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
}

describe('a copy', () => {
  test('is available, has the source’s name, its line’s tags and its own snapshots tagged', async () => {
    await start();
    const id = await copy();
    const tags = { team: 'platform', ...tagsFor(), ...sourceTag(base) };
    const copies = await living(stage, abroad);
    expect(copies).toMatchObject([
      { id, state: 'available', name: 'base', source: { region: home, imageId: base } },
    ]);
    expect(copies[0]?.tags, 'nothing says that it is ready').toEqual(tags);
    expect(copies[0]?.snapshots.map((snapshot) => tagsOn(stage, abroad, snapshot))).toEqual([tags]);
  });

  test('that is there is found, not made again', async () => {
    await start();
    const id = await copy();
    expect(await copy()).toBe(id);
    expect(await started()).toBe(1);
  });

  test('is one, however many ask for it at once', async () => {
    await start();
    const workers = [stage.worker(), stage.worker(), stage.worker()];
    const ids = await Promise.all(workers.map((each) => copy(each)));
    expect(new Set(ids).size).toBe(1);
    await expectOnly(ids[0]!);
    expect(await started()).toBe(1);
  });

  test('is one where two begin it with tokens that differ: both return the same, the other goes', async () => {
    await start({ speed: 1e-6 });
    const other = stage.worker();
    const first = copy(worker);
    await callsReach(stage, 'CopyImage', 1);
    // As one that was told of a failure that the other has not heard of.
    const second = copy(other, {}, { failed: 1 });
    await until(async () => ((await started()) === 2 ? true : undefined));
    const [older] = (await living(stage, abroad)).map(({ id }) => id).sort();
    skip(70);
    expect(await Promise.all([first, second])).toEqual([older, older]);
    await expectOnly(await first);
  });

  test('goes on where a worker was stopped that had just begun it, before EC2 shows it', async () => {
    await start({ speed: 1e-6 });
    const dying = copy(worker);
    await callsReach(stage, 'CopyImage', 1);
    worker.stop();
    await expect(dying).rejects.toMatchObject({ type: 'WorkerStops' });
    const next = stage.worker();
    const going = copy(next);
    await callsReach(stage, 'CopyImage', 2);
    skip(70);
    await expectOnly(await going);
    expect(await started()).toBe(1);
  });

  test('goes on where a worker died in the middle', async () => {
    await start({ speed: 1e-6 });
    const dying = copy(worker);
    await callsReach(stage, 'CopyImage', 1);
    skip(30);
    worker.stop();
    await expect(dying).rejects.toThrow();
    const going = copy(stage.worker());
    skip(40);
    await expectOnly(await going);
    expect(await callsOf(stage, 'CopyImage')).toBe(1);
  });

  test.each(['before', 'after'] as const)(
    'is one where the answer was lost %s it was begun, whoever asks again',
    async (when) => {
      await start({ pace: { retries: 0 } });
      await stage.admin.setFaults([
        { kind: 'loseResponse', share: 1, when, actions: ['CopyImage'] },
      ]);
      await expect(copy()).rejects.toMatchObject({ type: 'AwsUnavailable', nonRetryable: false });
      await stage.admin.clearFaults();
      await expectOnly(await copy(stage.worker()));
      expect(await started()).toBe(1);
    },
  );

  test('is one however much EC2 throttles, loses and shows late', async () => {
    await start();
    await stage.admin.setFaults([
      { kind: 'throttle', service: 'ec2', share: 0.2 },
      { kind: 'loseResponse', service: 'ec2', share: 0.1, when: 'after' },
      { kind: 'staleRead', service: 'ec2', share: 0.3, seconds: 10 },
    ]);
    const [one, other] = await Promise.all([copy(worker), copy(stage.worker())]);
    expect(one).toBe(other);
    await stage.admin.clearFaults();
    await expectOnly(one);
  });

  test('of another image of the same key is another copy', async () => {
    const rebuilt = 'ami-0aaaaaaaaaaaaaaa0';
    await start({
      fleet: {
        images: [
          { account: '111111111111', region: home, id: base, name: 'base' },
          { account: '111111111111', region: home, id: rebuilt, name: 'rebuilt' },
        ],
      },
    });
    const first = await copy();
    const { copyImage } = worker.activities;
    const spec = imageSpec(stage);
    const second = await worker.run(copyImage, { spec, region: abroad, imageId: rebuilt });
    expect(second).not.toBe(first);
    expect(await living(stage, abroad)).toHaveLength(2);
  });

  test('waits for room where as many copies as there may be are under way', async () => {
    await start({ fleet: { ec2: { concurrentCopies: 1 } }, speed: 1e-6 });
    const spec = imageSpec(stage);
    const { copyImage } = worker.activities;
    const first = copy();
    await callsReach(stage, 'CopyImage', 1);
    const cell = { os: 'al2', arch: 'x86_64', evr: '1-1' };
    const other = imageSpec(stage, { cell, key: `${spec.key}-other` });
    const second = worker.run(copyImage, { spec: other, region: abroad, imageId: base });
    await callsReach(stage, 'CopyImage', 2);
    skip(70);
    await first;
    await until(async () => ((await started()) === 2 ? true : undefined));
    skip(70);
    expect(await second).not.toBe(await first);
    expect(await living(stage, abroad)).toHaveLength(2);
  });

  test('takes another name where its source’s is taken', async () => {
    await start({
      fleet: {
        images: [
          { account: '111111111111', region: home, id: base, name: 'n'.repeat(128) },
          { account: '111111111111', region: abroad, name: 'n'.repeat(128) },
        ],
        ec2: { copyNames: 'unique' },
      },
    });
    const id = await copy();
    const image = (await living(stage, abroad)).find((each) => each.id === id);
    expect(image?.name).toBe(`${'n'.repeat(106)}-${base}`);
  });
});

describe('a copy that goes wrong', () => {
  test('fails, leaves neither itself nor its snapshot, and comes out at the next try', async () => {
    await start({ fleet: { ec2: { copyFailures: [{ times: 1, reason: 'KMS says no' }] } } });
    await expect(copy()).rejects.toMatchObject({
      ...failed,
      message: `image ${base} could not be copied to ${abroad}: failed: KMS says no`,
    });
    expect(await living(stage, abroad)).toEqual([]);
    expect(await stage.admin.orphanSnapshots()).toEqual([]);
    await expectOnly(await copy(stage.worker(), {}, worker.heartbeat));
  });

  test('comes out at the next try, too, where that knows nothing of the first', async () => {
    await start({ fleet: { ec2: { copyFailures: [{ times: 2 }] } } });
    await expect(copy()).rejects.toMatchObject(failed);
    await expect(copy()).rejects.toMatchObject(failed);
    await expectOnly(await copy(stage.worker()));
    expect(await started()).toBe(3);
  });

  test('is found and removed where the worker died that had begun it', async () => {
    await start({ fleet: { ec2: { copyFailures: [{ times: 1 }] } }, speed: 1e-6 });
    const dying = copy(worker);
    await callsReach(stage, 'CopyImage', 1);
    worker.stop();
    await expect(dying).rejects.toThrow();
    skip(70);
    const going = copy(stage.worker());
    await callsReach(stage, 'CopyImage', 2);
    await until(async () => {
      skip(1);
      return (await started()) === 2 ? true : undefined;
    });
    skip(70);
    await expectOnly(await going);
  });

  test('that stays pending is given up after its time, and nothing of it is left', async () => {
    await start({ fleet: { ec2: { copyFailures: [{ kind: 'stuck', times: 1 }] } } });
    await expect(copy(worker, { imageTimeout: '300ms' })).rejects.toMatchObject({
      ...failed,
      message: `image ${base} could not be copied to ${abroad}: it was not available after 300ms`,
    });
    expect(await living(stage, abroad)).toEqual([]);
    expect(await stage.admin.orphanSnapshots()).toEqual([]);
    await expectOnly(await copy(stage.worker(), {}, worker.heartbeat));
  });

  test('has the time that its line gives it, whoever goes on waiting', async () => {
    await start({ fleet: { ec2: { copyFailures: [{ kind: 'stuck' }] } } });
    const dying = copy(worker);
    await until(async () => ((await stage.admin.imageCopies()).length === 1 ? true : undefined));
    worker.stop();
    await expect(dying).rejects.toThrow();
    const since = Date.now() - 601_000;
    await expect(copy(stage.worker(), {}, { failed: 0, since })).rejects.toMatchObject(failed);
    expect(await living(stage, abroad)).toEqual([]);
  });

  test('that there never was room for says so', async () => {
    await start({ fleet: { ec2: { concurrentCopies: 1, copyFailures: [{ kind: 'stuck' }] } } });
    const { copyImage } = worker.activities;
    const cell = { os: 'al2', arch: 'x86_64', evr: '1-1' };
    const other = imageSpec(stage, { cell, key: `${imageSpec(stage).key}-other` });
    const going = worker.run(copyImage, { spec: other, region: abroad, imageId: base });
    await callsReach(stage, 'CopyImage', 1);
    const waiting = copy(worker, { imageTimeout: '1m' });
    await callsReach(stage, 'CopyImage', 3);
    laterBy(121_000);
    await expect(waiting).rejects.toMatchObject({
      ...failed,
      message: expect.stringContaining('EC2 took none in 1m') as string,
    });
    worker.stop();
    await expect(going).rejects.toThrow();
  });

  test('that EC2 refuses to begin is tried again', async () => {
    await start();
    await stage.admin.failCopies({
      kind: 'refused',
      reason: 'The storage is not available',
      times: 1,
    });
    await expect(copy()).rejects.toMatchObject({
      ...failed,
      message: expect.stringContaining('The storage is not available') as string,
    });
    await expectOnly(await copy());
  });

  test('keeps no other region from its copy', async () => {
    await start({ fleet: { ec2: { copyFailures: [{ region: abroad }] } } });
    const { copyImage } = worker.activities;
    const spec = imageSpec(stage);
    const into = (region: string) => worker.run(copyImage, { spec, region, imageId: base });
    const results = await Promise.allSettled([into(abroad), into(further)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await living(stage, further)).toMatchObject([{ state: 'available' }]);
    expect(await living(stage, abroad)).toEqual([]);
  });

  test('of an image that is not there says so', async () => {
    await start();
    const { copyImage } = worker.activities;
    const imageId = 'ami-00000000000000000';
    const spec = imageSpec(stage);
    const going = worker.run(copyImage, { spec, region: abroad, imageId });
    await callsReach(stage, 'DescribeImages', 3);
    laterBy(121_000);
    await expect(going).rejects.toMatchObject({
      type: 'ImageFailed',
      nonRetryable: true,
      message: `there is no image ${imageId} in ${home}`,
    });
  });
});
