import { element } from '../../core/xml.js';
import type { Ec2Action, Ec2Call } from '../call.js';
import { filtered, filtersOf, requireFilters } from '../filters.js';
import { pageXml } from '../page.js';
import type { Ec2Parts } from '../parts.js';

interface SeenTag {
  resourceId: string;
  resourceType: 'image' | 'snapshot';
  key: string;
  value: string;
}

/** DescribeTags: every tag that the account has put on something of the region. */
export function describeTags(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const filters = filtersOf(call);
    requireFilters(
      filters,
      (name) =>
        ['key', 'value', 'resource-id', 'resource-type'].includes(name) || name.startsWith('tag:'),
    );
    const xml = pageXml(
      call,
      { min: 5, max: 1000 },
      filtered(visible(parts, call), filters, valuesOf),
      {
        name: 'tagSet',
        keyOf: ({ resourceId, key }) => `${resourceId}/${Buffer.from(key).toString('hex')}`,
        xml: ({ resourceId, resourceType, key, value }) =>
          element('resourceId', resourceId) +
          element('resourceType', resourceType) +
          element('key', key) +
          element('value', value),
      },
    );
    return { xml };
  };
}

function visible({ tags }: Ec2Parts, { accountId, region, seenAt }: Ec2Call): SeenTag[] {
  return tags.tagged(accountId, region).flatMap((tagged) =>
    [...tags.of(tagged, seenAt)].map(([key, value]) => ({
      resourceId: tagged.resourceId,
      resourceType: tagged.resourceId.startsWith('ami-')
        ? ('image' as const)
        : ('snapshot' as const),
      key,
      value,
    })),
  );
}

function valuesOf(tag: SeenTag, filter: string): readonly string[] | undefined {
  switch (filter) {
    case 'key':
      return [tag.key];
    case 'value':
      return [tag.value];
    case 'resource-id':
      return [tag.resourceId];
    case 'resource-type':
      return [tag.resourceType];
    default:
      return filter === `tag:${tag.key}` ? [tag.value] : [];
  }
}
