import { expect, test } from 'vitest';
import { abroad, account, base, callsOf, further, home, setStage, type Stage } from './support.js';

let stage: Stage;
let names = 0;
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();
/** To the minute, as EC2 keeps it. */
const minute = (iso: string) =>
  new Date(Math.round(Date.parse(iso) / 60_000) * 60_000).toISOString();

const deprecate = (images: Record<string, string>[], at: string) => {
  const worker = stage.worker();
  return worker.run(worker.activities.deprecateImages, { place: stage.place, images, at });
};
const place = async (region: string, deprecatedAfterDays?: number): Promise<string> => {
  const name = `image-${names++}`;
  const image = { account, region, name, ...(deprecatedAfterDays ? { deprecatedAfterDays } : {}) };
  return (await stage.admin.createImage(image)).id;
};
const deprecationOf = async (id: string) =>
  (await stage.admin.images()).find((image) => image.id === id)?.deprecatedAt;

test('images are deprecated in every region, with one look at each', async () => {
  stage = await setStage();
  const copies = [await place(abroad), await place(abroad)];
  const [one = '', two = ''] = copies;
  const at = inDays(30);
  await deprecate([{ [home]: base, [abroad]: one }, { [abroad]: two }], at);
  for (const id of [base, ...copies]) expect(await deprecationOf(id)).toBe(minute(at));
  expect(await callsOf(stage, 'DescribeImages')).toBe(2);
});

test('what is deprecated earlier stays so, what is later is brought forward', async () => {
  stage = await setStage();
  const past = await place(home, -3);
  const sooner = await place(home, 2);
  const later = await place(home, 90);
  const before = [await deprecationOf(past), await deprecationOf(sooner)];
  const at = inDays(30);
  await deprecate([{ [home]: past }, { [home]: sooner }, { [home]: later }], at);
  expect([await deprecationOf(past), await deprecationOf(sooner)]).toEqual(before);
  expect(await deprecationOf(later)).toBe(minute(at));
});

test('doing it again changes nothing more', async () => {
  stage = await setStage();
  const at = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 30 * day + 40_000).toISOString();
  await deprecate([{ [home]: base }], at);
  stage.sandbox.clock.skip(10);
  await deprecate([{ [home]: base }], at);
  expect(await callsOf(stage, 'EnableImageDeprecation')).toBe(1);
});

test('a time that has passed meanwhile is now', async () => {
  stage = await setStage({ speed: 1 });
  await deprecate([{ [home]: base }], inDays(-1));
  const at = Date.parse((await deprecationOf(base)) ?? '');
  expect(at).toBeGreaterThan(Date.now());
  expect(at).toBeLessThan(Date.now() + 5 * 60_000);
});

test('images that are gone, or that nobody can launch, are no error', async () => {
  stage = await setStage({ speed: 1e-6 });
  const { images } = stage.sandbox.services.ec2;
  const gone = await place(home);
  await stage.admin.changeImage({ id: gone, state: 'deregistered' });
  const failed = images.makeImage({ account, region: home, name: 'failed', state: 'failed' });
  const there = await place(home);
  const never = 'ami-00000000000000000';
  const at = inDays(30);
  // Within the moment in which EC2 still shows it, and after that.
  for (const seconds of [1, 10]) {
    stage.sandbox.clock.skip(seconds);
    const ids = [gone, never, failed.id, there];
    await deprecate(
      ids.map((id) => ({ [home]: id })),
      at,
    );
  }
  expect(await deprecationOf(there)).toBe(minute(at));
  expect(await callsOf(stage, 'EnableImageDeprecation'), 'of what was shown as available').toBe(2);
});

test('a region that fails keeps no other from it, and is named', async () => {
  stage = await setStage({ pace: { retries: 0 } });
  const copy = await place(abroad);
  const other = await place(further);
  await stage.admin.setFaults([{ kind: 'throttle', service: 'ec2', share: 1, region: abroad }]);
  const at = inDays(30);
  await expect(
    deprecate([{ [home]: base, [abroad]: copy, [further]: other }], at),
  ).rejects.toMatchObject({
    type: 'AwsUnavailable',
    nonRetryable: false,
    message: expect.stringMatching(new RegExp(`^${abroad}: RequestLimitExceeded`)) as string,
  });
  expect(await deprecationOf(base)).toBe(minute(at));
  expect(await deprecationOf(other)).toBe(minute(at));
  expect(await deprecationOf(copy)).toBeUndefined();
});

test('more images than one call may name are looked at with one call for two hundred', async () => {
  stage = await setStage();
  const ids = await Promise.all(Array.from({ length: 250 }, () => place(home, 1)));
  await deprecate(
    ids.map((id) => ({ [home]: id })),
    inDays(30),
  );
  expect(await callsOf(stage, 'DescribeImages')).toBe(2);
});
