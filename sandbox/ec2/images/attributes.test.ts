import {
  DescribeImageAttributeCommand,
  ModifyImageAttributeCommand,
  type LaunchPermission,
  type ModifyImageAttributeCommandInput,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  base,
  imagesOf,
  namesOf,
  region,
  startImageSandbox,
  stranger,
  type ImageSandbox,
} from '../testing.js';

let there: ImageSandbox;
beforeEach(async () => {
  there = await startImageSandbox();
});
afterEach(() => there.sandbox.close());

const modify = (input: Omit<ModifyImageAttributeCommandInput, 'ImageId'>) =>
  there.ec2().send(new ModifyImageAttributeCommand({ ImageId: base, ...input }));
const add = (...Add: LaunchPermission[]) => modify({ LaunchPermission: { Add } });
const remove = (...Remove: LaunchPermission[]) => modify({ LaunchPermission: { Remove } });
const permissions = async () => {
  there.sandbox.clock.skip(10);
  const input = { ImageId: base, Attribute: 'launchPermission' as const };
  const { LaunchPermissions } = await there.ec2().send(new DescribeImageAttributeCommand(input));
  return LaunchPermissions ?? [];
};
const organization = 'arn:aws:organizations::000000000000:organization/o-sandbox000';
const unit = (id: string) => `arn:aws:organizations::000000000000:ou/o-sandbox000/ou-root-${id}`;

describe('launch permissions', () => {
  test('are added once however often, and removed', async () => {
    await add({ UserId: stranger });
    await add({ UserId: stranger }, { UserId: '333333333333' });
    expect(await permissions()).toEqual([{ UserId: stranger }, { UserId: '333333333333' }]);
    await remove({ UserId: stranger });
    expect(await permissions()).toEqual([{ UserId: '333333333333' }]);
  });

  test('are changed in the older form, too', async () => {
    await modify({ OperationType: 'add', UserIds: [stranger], UserGroups: ['all'] });
    expect(await permissions()).toEqual([{ UserId: stranger }, { Group: 'all' }]);
    await modify({ OperationType: 'remove', UserGroups: ['all'] });
    expect(await permissions()).toEqual([{ UserId: stranger }]);
  });

  test.each([
    ['the account', { UserId: stranger }],
    ['everyone', { Group: 'all' as const }],
    ['its organization', { OrganizationArn: organization }],
    ['its unit', { OrganizationalUnitArn: unit('other000') }],
  ])('let %s see the image after a while', async (_, permission) => {
    const theirs = there.ec2({ account: stranger });
    await add(permission);
    expect(await namesOf(theirs)).toEqual([]);
    there.sandbox.clock.skip(10);
    expect(await namesOf(theirs)).toEqual(['base']);
    await remove(permission);
    there.sandbox.clock.skip(10);
    expect(await namesOf(theirs)).toEqual([]);
  });

  test('for another organization or unit do not', async () => {
    await add(
      { OrganizationArn: organization.replace('sandbox000', 'elsewhere0') },
      { OrganizationalUnitArn: unit('dev00000') },
    );
    there.sandbox.clock.skip(10);
    expect(await namesOf(there.ec2({ account: stranger }))).toEqual([]);
  });

  test.each([
    [{ UserId: '12' }, 'Invalid attribute item value "12" for userId item type.'],
    [{ Group: 'some' as 'all' }, 'Invalid attribute item value "some" for UserGroup item type.'],
    [{ OrganizationArn: 'o-1' }, 'Invalid attribute item value "o-1" for organizationArn'],
  ])('%j are refused', async (permission, message) => {
    const call = add(permission);
    await expect(call).rejects.toMatchObject({ name: 'InvalidAMIAttributeItemValue' });
    await expect(call).rejects.toThrow(message);
  });

  test('need a change, an operation and an attribute that is one', async () => {
    await expect(modify({})).rejects.toMatchObject({ name: 'MissingParameter' });
    await expect(modify({ UserIds: [stranger] })).rejects.toMatchObject({
      name: 'MissingParameter',
    });
    await expect(modify({ Attribute: 'colour', Value: 'red' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('are given to an image that is available only', async () => {
    const { id } = there.sandbox.services.ec2.images.makeImage({
      account,
      region,
      name: 'slow',
      availableAfter: 60,
    });
    there.sandbox.clock.skip(10);
    const share = () =>
      there.ec2().send(
        new ModifyImageAttributeCommand({
          ImageId: id,
          LaunchPermission: { Add: [{ UserId: stranger }] },
        }),
      );
    await expect(share()).rejects.toMatchObject({ name: 'InvalidAMIID.Unavailable' });
    there.sandbox.clock.skip(60);
    await expect(share()).resolves.toBeDefined();
  });

  test('are told to the owner only', async () => {
    await add({ UserId: stranger });
    const input = { ImageId: base, Attribute: 'launchPermission' as const };
    await expect(
      there.ec2({ account: stranger }).send(new DescribeImageAttributeCommand(input)),
    ).rejects.toMatchObject({ name: 'AuthFailure' });
  });
});

test('a description is changed and shown', async () => {
  await modify({ Description: { Value: 'replaced' } });
  there.sandbox.clock.skip(10);
  expect((await imagesOf(there.ec2(), { ImageIds: [base] }))[0]?.Description).toBe('replaced');
  const input = { ImageId: base, Attribute: 'description' as const };
  const { Description } = await there.ec2().send(new DescribeImageAttributeCommand(input));
  expect(Description?.Value).toBe('replaced');
});
