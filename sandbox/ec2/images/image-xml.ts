import { element, list, wrap, type Xml } from '../../core/xml.js';
import type { TagMap } from '../tags/store.js';
import { tagSetXml } from '../tags/xml.js';
import type { Image, ImageFacts } from './image.js';
import { isPublic } from './permissions.js';

/** An image as DescribeImages shows it, with the tags that the account has put on it. */
export function imageXml({ options }: Image, facts: ImageFacts, tags: TagMap): Xml {
  const { ownerId, name, source } = options;
  return [
    element('imageId', options.id),
    element('imageLocation', `${ownerId}/${name}`),
    element('imageState', facts.state),
    element('imageOwnerId', ownerId),
    element('imageOwnerAlias', options.ownerAlias),
    element('creationDate', isoOf(options.createdAt)),
    element('isPublic', isPublic(facts.permissions)),
    element('architecture', options.architecture),
    element('imageType', 'machine'),
    element('platformDetails', 'Linux/UNIX'),
    element('usageOperation', 'RunInstances'),
    element('name', name),
    facts.description === '' ? '' : element('description', facts.description),
    element('rootDeviceType', 'ebs'),
    element('rootDeviceName', options.rootDevice),
    devicesXml(options.devices),
    element('virtualizationType', 'hvm'),
    element('hypervisor', 'xen'),
    element('enaSupport', true),
    element('sriovNetSupport', 'simple'),
    facts.reason === undefined
      ? ''
      : wrap('stateReason', element('code', stateCode), element('message', facts.reason)),
    facts.deprecatedAt === undefined ? '' : element('deprecationTime', isoOf(facts.deprecatedAt)),
    element('sourceImageId', source?.imageId),
    element('sourceImageRegion', source?.region),
    element('sourceInstanceId', options.instanceId),
    tagSetXml(tags),
  ].join('');
}

const stateCode = 'Server.InternalError';

export function devicesXml(devices: Image['options']['devices']): Xml {
  const items = devices.map(
    ({ name, snapshotId, size }) =>
      element('deviceName', name) +
      wrap(
        'ebs',
        element('snapshotId', snapshotId),
        element('volumeSize', size),
        element('deleteOnTermination', true),
        element('volumeType', 'gp3'),
        element('encrypted', false),
      ),
  );
  return list('blockDeviceMapping', items, 'item');
}

export function isoOf(time: number): string {
  return new Date(time).toISOString();
}
