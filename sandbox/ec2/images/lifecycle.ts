import { AwsError } from '../../core/aws-error.js';
import { element, list } from '../../core/xml.js';
import { isTrue, required, type Ec2Action, type Ec2Call, type Ec2Result } from '../call.js';
import type { Ec2Parts } from '../parts.js';
import { requireOwnImage, requireState } from './access.js';
import type { Image } from './image.js';
import { isPublic } from './permissions.js';

const minute = 60_000;

/** EnableImageDeprecation: 10 years ahead at most, 2 for a public image (API), never behind. */
export function enableDeprecation(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = own(parts, call);
    const text = required(call, 'DeprecateAt');
    const time = Date.parse(text);
    if (Number.isNaN(time)) throw badDate(text, 'it is no date and time');
    if (time <= call.now) throw badDate(text, "it can't be in the past");
    const years = isPublic(image.facts.latest.permissions) ? 2 : 10;
    if (time > yearsAfter(call.now, years))
      throw badDate(text, `it can be at most ${years} years from now`);
    requireState(image, 'available', 'disabled');
    // "If you specify a value for seconds, Amazon EC2 rounds the seconds to the nearest minute" (API).
    image.change(call.now, { deprecatedAt: Math.round(time / minute) * minute });
    return done(image);
  };
}

export function disableDeprecation(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = own(parts, call);
    image.change(call.now, { deprecatedAt: undefined });
    return done(image);
  };
}

/** DisableImage: nobody launches it any more, and all launch permissions are gone. */
export function disableImage(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = own(parts, call);
    requireState(image, 'available', 'disabled');
    image.change(call.now, { state: 'disabled', permissions: [] });
    return done(image);
  };
}

export function enableImage(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = own(parts, call);
    requireState(image, 'available', 'disabled');
    image.change(call.now, { state: 'available' });
    return done(image);
  };
}

/** DeregisterImage: of a copy that goes on, too, which stops it (guide, "Stop a pending AMI copy operation"). */
export function deregisterImage(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const image = own(parts, call);
    image.change(call.now, { state: 'deregistered', permissions: [] });
    parts.tags.set(image.tagged, call.now, new Map());
    const results = isTrue(call, 'DeleteAssociatedSnapshots')
      ? image.options.devices.map(({ snapshotId }) => deleteSnapshot(parts, call, snapshotId))
      : [];
    const snapshots = results.length === 0 ? '' : list('deleteSnapshotResultSet', results, 'item');
    return { ...done(image), xml: element('return', true) + snapshots };
  };
}

/** A snapshot that another image uses is left: "it won't be deleted even if specified for deletion" (API). */
function deleteSnapshot({ images, snapshots, tags }: Ec2Parts, call: Ec2Call, id: string): string {
  const snapshot = snapshots.find(id);
  const isUsed = images.using(id).length > 0;
  if (!isUsed && snapshot && !snapshot.isDeleted) {
    snapshot.states.change(call.now, 'deleted');
    tags.set(
      { accountId: call.accountId, region: call.region, resourceId: id },
      call.now,
      new Map(),
    );
  }
  return element('snapshotId', id) + element('returnCode', isUsed ? 'skipped' : 'success');
}

function own(parts: Ec2Parts, call: Ec2Call): Image {
  return requireOwnImage(parts, call, required(call, 'ImageId'));
}

function done(image: Image): Ec2Result {
  return { xml: element('return', true), subject: image.id, effective: true };
}

function yearsAfter(time: number, years: number): number {
  const date = new Date(time);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}

function badDate(text: string, why: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value (${text}) for parameter DeprecateAt is invalid: ${why}.`,
  );
}
