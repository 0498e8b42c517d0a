import { isTrue, numbered, type Ec2Action, type Ec2Call } from '../call.js';
import { filtered, filtersOf, requireFilters } from '../filters.js';
import { requireId } from '../ids.js';
import { pageXml } from '../page.js';
import type { Ec2Parts } from '../parts.js';
import { imageNotFound, isRemembered, maySee } from './access.js';
import { imageValues, isImageFilter, type SeenImage } from './filter-values.js';
import { imageXml } from './image-xml.js';
import { isPublic, isSharedWith } from './permissions.js';

/** DescribeImages: what the account may use and, of its own, also what it can't. */
export function describeImages(parts: Ec2Parts): Ec2Action {
  return (call) => {
    const filters = filtersOf(call);
    requireFilters(filters, isImageFilter);
    const ids = numbered(call, 'ImageId');
    requireKnown(parts, call, ids);
    const seen = visible(parts, call).filter(
      (each) =>
        (ids.length === 0 || ids.includes(each.image.id)) &&
        isOfOwners(call, each) &&
        isExecutableBy(parts, call, each) &&
        isListed(call, each, ids.length > 0),
    );
    const xml = pageXml(call, { min: 1, max: 1000 }, filtered(seen, filters, imageValues), {
      name: 'imagesSet',
      keyOf: ({ image }) => image.id,
      xml: ({ image, facts, tags }) => imageXml(image, facts, tags),
    });
    return { xml, ...(ids[0] === undefined ? {} : { subject: ids[0] }) };
  };
}

/** The images of the region that the account could see a moment ago. */
function visible(parts: Ec2Parts, { accountId, region, seenAt }: Ec2Call): SeenImage[] {
  const seen: SeenImage[] = [];
  for (const image of parts.images.all()) {
    if (image.options.region !== region) continue;
    const facts = image.facts.at(seenAt);
    if (!facts || facts.state === 'deregistered') continue;
    if (!maySee(image, facts, accountId, parts.directory)) continue;
    const tags = parts.tags.of({ accountId, region, resourceId: image.id }, seenAt);
    seen.push({ image, facts, tags });
  }
  return seen;
}

/**
 * Ids that there are, and some that there were: "Recently deregistered images appear in the returned results for a
 * short interval and then return empty results", later NotFound (API, DescribeImages; boto/botocore#2194).
 */
function requireKnown(parts: Ec2Parts, call: Ec2Call, ids: readonly string[]): void {
  if (ids.length === 0) return;
  for (const id of ids) requireId(id, 'ami');
  const there = new Set(visible(parts, call).map(({ image }) => image.id));
  const missing = ids.filter((id) => {
    const image = parts.images.find(id);
    const isOfRegion = image?.options.region === call.region;
    return !there.has(id) && !(isOfRegion && isRemembered(image, call.now, parts));
  });
  if (missing.length > 0) throw imageNotFound(missing);
}

function isOfOwners(call: Ec2Call, { image }: SeenImage): boolean {
  const owners = numbered(call, 'Owner');
  const { ownerId, ownerAlias } = image.options;
  return (
    owners.length === 0 ||
    owners.some((owner) =>
      owner === 'self'
        ? ownerId === call.accountId
        : owner === ownerId || (ownerAlias !== undefined && owner === ownerAlias),
    )
  );
}

function isExecutableBy({ directory }: Ec2Parts, call: Ec2Call, { facts }: SeenImage): boolean {
  const users = numbered(call, 'ExecutableBy');
  return (
    users.length === 0 ||
    users.some((user) => {
      if (user === 'all') return isPublic(facts.permissions);
      if (user === 'self' || user === call.accountId)
        return isSharedWith(facts.permissions, call.accountId, directory);
      return facts.permissions.some(({ kind, value }) => kind === 'userId' && value === user);
    })
  );
}

/** Deprecated ones are listed to their owner always, to others by id or when asked for; disabled ones when asked for. */
function isListed(call: Ec2Call, { image, facts }: SeenImage, isById: boolean): boolean {
  if (facts.state === 'disabled') return isTrue(call, 'IncludeDisabled');
  const isDeprecated = facts.deprecatedAt !== undefined && facts.deprecatedAt <= call.seenAt;
  const isOwn = image.options.ownerId === call.accountId;
  return !isDeprecated || isOwn || isById || isTrue(call, 'IncludeDeprecated');
}
