import { AwsError } from '../../core/aws-error.js';
import { element } from '../../core/xml.js';
import { members, required, type Ec2Action, type Ec2Call } from '../call.js';
import type { Ec2Parts } from '../parts.js';
import { tagSpecifications } from '../tags/rules.js';
import { architectures, type Architecture, type Device } from './image.js';
import { requireName, requireUnused } from './names.js';

/** CreateImage. The sandbox has no instances: any id that one may have is taken for one that runs. */
export function createImage(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const instanceId = required(call, 'InstanceId');
    if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instanceId))
      throw new AwsError(
        'InvalidInstanceID.Malformed',
        `Invalid id: "${instanceId}" (expecting "i-...")`,
      );
    const name = requireName(call);
    const ofType = tagSpecifications(call, ['image', 'snapshot']);
    requireUnused(parts.images, call, name);
    const image = parts.images.create({
      ...placeOf(call),
      name,
      architecture: 'x86_64',
      instanceId,
      facts: { state: 'pending', description: call.parameters.get('Description') ?? '' },
      tags: ofType('image'),
      snapshotTags: ofType('snapshot'),
    });
    const due = call.now + parts.settings.createSeconds * 1000;
    parts.images.finishAt(image, due, { state: 'available' });
    return { xml: element('imageId', image.id), subject: image.id, effective: true };
  };
}

/** RegisterImage: an image of snapshots that are there; it is available at once. */
export function registerImage(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const name = requireName(call);
    const rootDevice = required(call, 'RootDeviceName');
    const architecture = architectureOf(call);
    const ofType = tagSpecifications(call, ['image']);
    const devices = devicesOf(parts, call);
    if (!devices.some((device) => device.name === rootDevice))
      throw new AwsError(
        'InvalidBlockDeviceMapping',
        `The device '${rootDevice}' is the root device and must have a snapshot.`,
      );
    requireUnused(parts.images, call, name);
    const image = parts.images.create({
      ...placeOf(call),
      name,
      architecture,
      from: { devices, rootDevice },
      facts: { state: 'available', description: call.parameters.get('Description') ?? '' },
      tags: ofType('image'),
    });
    return { xml: element('imageId', image.id), subject: image.id, effective: true };
  };
}

function placeOf({ accountId, region, now }: Ec2Call) {
  return { ownerId: accountId, region, createdAt: now };
}

function architectureOf({ parameters }: Ec2Call): Architecture {
  const wanted = parameters.get('Architecture') ?? 'i386';
  const architecture = architectures.find((each) => each === wanted);
  if (architecture) return architecture;
  throw new AwsError('InvalidParameterValue', `Unsupported architecture: ${wanted}`);
}

function devicesOf(parts: Ec2Parts, call: Ec2Call): Device[] {
  return members(call, 'BlockDeviceMapping').flatMap((prefix) => {
    const id = call.parameters.get(`${prefix}.Ebs.SnapshotId`);
    if (id === null) return [];
    const snapshot = parts.snapshots.require(call, id);
    if (snapshot.states.latest !== 'completed')
      throw new AwsError(
        'IncorrectState',
        `Snapshot is in invalid state - ${snapshot.states.latest}`,
      );
    const size = Number(call.parameters.get(`${prefix}.Ebs.VolumeSize`) ?? snapshot.options.size);
    return [{ name: required(call, `${prefix}.DeviceName`), snapshotId: id, size }];
  });
}
