import { describe, expect, test } from 'vitest';
import type { CreateImageInput } from '../../../../sandbox/admin/image-schema.js';
import { cellId } from '../../../../src/domain/images/cell.js';
import { imageTags } from '../../../../src/domain/images/tags.js';
import {
  abroad,
  account,
  callsOf,
  cell,
  further,
  home,
  lineSpec,
  product,
  setStage,
  sourceTag,
  type Stage,
  tagsFor,
} from './support.js';

let stage: Stage;
let names = 0;
const ready = { [imageTags.state]: 'ready' };
const place = async (image: Partial<CreateImageInput> = {}) =>
  await stage.admin.createImage({ account, region: home, name: `image-${names++}`, ...image });
const list = (more: Parameters<typeof lineSpec>[1] = {}) => {
  const worker = stage.worker();
  return worker.run(worker.activities.listImages, { spec: lineSpec(stage, more) });
};

describe('images of a line', () => {
  test('are listed by their tags, the oldest first, with what was done with them', async () => {
    stage = await setStage();
    const fresh = await place({ tags: { ...tagsFor(), ...ready }, ageDays: 1 });
    const second = { ...cell, evr: '2:17.0-1', arch: 'aarch64', recipe: 'r1' };
    const rejected = { ...tagsFor(second), [imageTags.state]: 'rejected' };
    const old = await place({ tags: rejected, ageDays: 9, architecture: 'arm64' });
    const begun = await place({ tags: tagsFor({ ...cell, os: 'al2' }), ageDays: 5 });
    const { recipe, ...other } = second;
    expect(await list()).toEqual([
      {
        id: cellId(other, recipe),
        image: { imageId: old.id, builtAt: old.createdAt },
        ready: false,
        rejected: true,
        ours: true,
      },
      {
        id: cellId({ ...cell, os: 'al2' }),
        image: { imageId: begun.id, builtAt: begun.createdAt },
        ready: false,
        rejected: false,
        ours: true,
      },
      {
        id: cellId(cell),
        image: { imageId: fresh.id, builtAt: fresh.createdAt },
        ready: true,
        rejected: false,
        ours: true,
      },
    ]);
    expect(await callsOf(stage, 'DescribeImages')).toBe(1);
  });

  test('have their copies beside them', async () => {
    stage = await setStage();
    const one = await place({ tags: { ...tagsFor(), ...ready }, ageDays: 2 });
    const two = await place({ tags: { ...tagsFor(), ...ready }, ageDays: 1 });
    const copyOf = async (of: string, region: string) =>
      (await place({ region, tags: { ...tagsFor(), ...sourceTag(of) } })).id;
    const copies = {
      [abroad]: await copyOf(one.id, abroad),
      [further]: await copyOf(one.id, further),
    };
    const other = await copyOf(two.id, further);
    const found = await list({ copyTo: [abroad, further] });
    expect(found.map(({ image }) => image)).toMatchObject([
      { imageId: one.id, copies },
      { imageId: two.id, copies: { [further]: other } },
    ]);
    expect(await callsOf(stage, 'DescribeImages'), 'one look at each region').toBe(3);
  });

  test('are all there, page after page, with as few calls as they need', async () => {
    stage = await setStage();
    const { images } = stage.sandbox.services.ec2;
    const tagsOf = (n: number) => tagsFor({ ...cell, evr: `${n}-1` });
    for (let n = 0; n < 1_200; n++)
      images.makeImage({ account, region: home, name: `bulk-${n}`, tags: tagsOf(n) });
    stage.sandbox.clock.skip(10);
    const found = await list();
    expect(new Set(found.map(({ id }) => id)).size).toBe(1_200);
    expect(await callsOf(stage, 'DescribeImages')).toBe(2);
  });

  test('are listed when they are deprecated, not when they have failed', async () => {
    stage = await setStage({ speed: 1e-6 });
    const old = await place({ tags: tagsFor(), ageDays: 30, deprecatedAfterDays: -1 });
    const failed = { account, region: home, name: 'failed', tags: tagsFor() } as const;
    stage.sandbox.services.ec2.images.makeImage({ ...failed, state: 'failed' });
    stage.sandbox.clock.skip(10);
    expect((await list()).map(({ image }) => image.imageId)).toEqual([old.id]);
  });

  test('are not those of a line or channel whose name begins alike', async () => {
    stage = await setStage();
    await place({ tags: tagsFor(cell, { line: 'runner', channel: 'dev-2' }) });
    await place({ tags: tagsFor(cell, { line: 'runner', channel: 'de' }) });
    await place({ tags: tagsFor(cell, { line: 'runner-2', channel: 'dev' }) });
    await place({ tags: { ...tagsFor(), [imageTags.product]: 'other' } });
    expect(await list()).toEqual([]);
    expect(await list({ line: 'runner*' })).toEqual([]);
  });

  test('are not known by half their tags', async () => {
    stage = await setStage();
    const { [imageTags.os]: _, ...tags } = tagsFor();
    await place({ tags });
    expect(await list()).toEqual([]);
  });

  test('can’t be listed where one region can’t, so that no copy is forgotten', async () => {
    stage = await setStage({ pace: { retries: 0 } });
    await place({ tags: tagsFor() });
    await stage.admin.setFaults([{ kind: 'throttle', service: 'ec2', share: 1, region: abroad }]);
    await expect(list({ copyTo: [abroad] })).rejects.toMatchObject({
      type: 'AwsUnavailable',
      nonRetryable: false,
    });
  });
});

describe('images that another tool has built', () => {
  const existing = { product: 'Product', version: 'Version', os: 'Os', filters: {} };
  const tags = { Product: product, Version: '16.11.0', Os: 'al2023' };
  const ids = async (...args: Parameters<typeof list>) => (await list(...args)).map(({ id }) => id);

  test('are listed by that tool’s tags, where the line says which', async () => {
    stage = await setStage();
    const image = await place({ tags });
    expect(await list()).toEqual([]);
    expect(await list({ existing })).toEqual([
      {
        id: 'al2023/x86_64/16.11.0',
        image: { imageId: image.id, builtAt: image.createdAt },
        ready: true,
        rejected: false,
        ours: false,
      },
    ]);
  });

  test('have the line’s name of their architecture, and their version as Nightshift writes it', async () => {
    stage = await setStage();
    await place({ tags: { ...tags, Version: '0:16.11.0-1' }, architecture: 'arm64' });
    expect(await ids({ existing })).toEqual(['al2023/aarch64/16.11.0-1']);
    expect(await ids({ existing, architectures: ['arm64'] })).toEqual(['al2023/arm64/16.11.0-1']);
    expect(await ids({ existing, architectures: ['x86_64'] })).toEqual([]);
  });

  test('are of the line’s only base OS where no tag says of which', async () => {
    stage = await setStage();
    const { Os: _, ...rest } = tags;
    await place({ tags: rest });
    const baseOs = ['al2023', 'al2'].map((name) => ({ name, variables: {}, images: {} }));
    expect(await ids({ existing })).toEqual(['al2023/x86_64/16.11.0']);
    expect(await ids({ existing, baseOs })).toEqual([]);
    const { os: _os, ...unnamed } = existing;
    expect(await ids({ existing: unnamed })).toEqual(['al2023/x86_64/16.11.0']);
  });

  test('are left out where their tags say nothing that the line knows', async () => {
    stage = await setStage();
    await place({ tags: { ...tags, Version: 'not a version' } });
    await place({ tags: { ...tags, Os: 'windows' } });
    await place({ tags: { ...tags, Product: 'gitlab-runner-2' } });
    expect(await ids({ existing })).toEqual([]);
  });

  test('are only those that pass the line’s filters', async () => {
    stage = await setStage();
    await place({ tags: { ...tags, env: 'production' } });
    expect(await ids({ existing: { ...existing, filters: { env: 'prod*' } } })).toEqual([]);
    expect(await ids({ existing: { ...existing, filters: { env: 'production' } } })).toHaveLength(
      1,
    );
  });

  test('are none of Nightshift’s own, of this line or another', async () => {
    stage = await setStage();
    const own = await place({ tags: { ...tags, ...tagsFor() } });
    await place({ tags: { ...tags, ...tagsFor(cell, { line: 'runner', channel: 'release' }) } });
    const found = await list({ existing });
    expect(found.map(({ image }) => image.imageId)).toEqual([own.id]);
  });

  test('are not ready before they are available', async () => {
    stage = await setStage({ speed: 1e-6 });
    const { images } = stage.sandbox.services.ec2;
    images.makeImage({ account, region: home, name: 'slow', tags, availableAfter: 600 });
    stage.sandbox.clock.skip(10);
    expect(await list({ existing })).toMatchObject([{ ready: false }]);
  });
});
