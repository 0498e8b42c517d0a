import { AwsError } from '../../core/aws-error.js';
import { element } from '../../core/xml.js';
import { invalidValue, isTrue, required, type Ec2Action, type Ec2Call } from '../call.js';
import type { Ec2Parts } from '../parts.js';
import { isReserved, tagSpecifications, withTags } from '../tags/rules.js';
import type { TagMap } from '../tags/store.js';
import { requireImage, requireState } from './access.js';
import type { CopyFailure } from './copy-failures.js';
import type { Image } from './image.js';
import { requireName, requireUnused } from './names.js';

/** CopyImage: into the call's region, from the one that it names. */
export function copyImage(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const name = requireName(call);
    const copy = () => start(parts, call, name).id;
    const token = call.parameters.get('ClientToken');
    const { result: id, isRepeat } =
      token === null
        ? { result: copy(), isRepeat: false }
        : parts.tokens.once(tokenOf(call, token), copy);
    return { xml: element('imageId', id), subject: id, effective: !isRepeat };
  };
}

function requireSource(parts: Ec2Parts, call: Ec2Call): Image {
  const region = required(call, 'SourceRegion');
  const id = required(call, 'SourceImageId');
  if (!parts.directory.hasRegion(call.accountId, region))
    throw new AwsError('InvalidParameterValue', `Invalid source region: ${region}`);
  const source = requireImage(parts, call, id, region);
  requireState(source, 'available');
  return source;
}

function start(parts: Ec2Parts, call: Ec2Call, name: string): Image {
  const { images, settings } = parts;
  const source = requireSource(parts, call);
  const ofType = tagSpecifications(call, ['image', 'snapshot']);
  if (settings.copyNames === 'unique') requireUnused(images, call, name);
  requireRoom(parts, call);
  const { accountId, region, now } = call;
  const failure = parts.copyFailures.strike({ accountId, region, name });
  if (failure?.kind === 'refused') throw new AwsError('InvalidRequest', failure.reason);
  const { architecture, devices } = source.options;
  const image = images.create({
    ownerId: accountId,
    region,
    name,
    architecture,
    createdAt: now,
    source: { imageId: source.id, region: source.options.region },
    facts: { state: 'pending', description: call.parameters.get('Description') ?? '' },
    tags: withTags(copiedTags(parts, call, source), ofType('image')),
    snapshotTags: ofType('snapshot'),
    size: devices[0]?.size ?? 8,
  });
  finishLater(parts, image, now, failure);
  return image;
}

/** Launch permissions are never copied, the account's own tags of the source when asked for (API, CopyImage). */
function copiedTags({ tags }: Ec2Parts, call: Ec2Call, source: Image): TagMap {
  if (!isTrue(call, 'CopyImageTags')) return new Map();
  const { accountId, seenAt } = call;
  const { region, id } = source.options;
  const own = tags.of({ accountId, region, resourceId: id }, seenAt);
  return new Map([...own].filter(([key]) => !isReserved(key)));
}

function finishLater(
  { images, settings }: Ec2Parts,
  image: Image,
  now: number,
  failure: CopyFailure | undefined,
): void {
  if (failure?.kind === 'stuck') return;
  images.finishAt(
    image,
    now + settings.copySeconds * 1000,
    failure ? { state: 'failed', reason: failure.reason } : { state: 'available' },
  );
}

function requireRoom({ images, settings }: Ec2Parts, { accountId, region }: Ec2Call): void {
  const underWay = [...images.all()].filter(
    ({ options, state }) =>
      options.source &&
      state === 'pending' &&
      options.ownerId === accountId &&
      options.region === region,
  );
  if (underWay.length < settings.concurrentCopies) return;
  throw new AwsError(
    'ResourceLimitExceeded',
    `Too many AMI copies in progress. The limit is ${settings.concurrentCopies} for this destination region.`,
  );
}

function tokenOf({ accountId, region, parameters, now }: Ec2Call, token: string) {
  // "A unique, case-sensitive string of up to 64 ASCII characters" (Developer Guide, idempotency).
  if (!/^[\x21-\x7e]{1,64}$/.test(token))
    throw invalidValue(token, 'clientToken', 'It has 1 to 64 ASCII characters.');
  const fingerprint = [...parameters]
    .filter(([name]) => name !== 'ClientToken')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
  return { key: `${accountId}/${region}/${token}`, fingerprint, now };
}
