import { createHash } from 'node:crypto';
import type { CopyImageCommandInput, Image } from '@aws-sdk/client-ec2';
import type { ImageSpec } from '../../../domain/images/spec.js';
import { imageTags, tagsOf } from '../../../domain/images/tags.js';
import { idOf, tagList } from './image.js';

/** AMI names have so many characters at most. */
const longestName = 128;

export interface CopyOf {
  spec: ImageSpec;
  source: Image;
  /** Where the copy goes. */
  region: string;
  /** Counts the tries. */
  attempt: number;
  /** Whether another image there has the source's name. */
  nameTaken: boolean;
}

/** What CopyImage is asked: the same try always with the same token. */
export function copyRequest({
  spec,
  source,
  region,
  attempt,
  nameTaken,
}: CopyOf): CopyImageCommandInput {
  const id = idOf(source);
  const tags = tagList({ ...spec.tags, ...copyTags(spec, id) });
  const request: CopyImageCommandInput = {
    SourceImageId: id,
    SourceRegion: spec.place.target.region,
    Name: nameOf(source, nameTaken),
    ...(source.Description ? { Description: source.Description } : {}),
    TagSpecifications: [
      { ResourceType: 'image', Tags: tags },
      { ResourceType: 'snapshot', Tags: tags },
    ],
  };
  // Made of all that is asked: a token that comes again with other parameters is refused for a day.
  const token = JSON.stringify([request, spec.place.target.account.id, region, attempt]);
  return { ...request, ClientToken: createHash('sha256').update(token).digest('hex') };
}

/** Nightshift's own tags of a copy. */
export function copyTags(spec: ImageSpec, sourceId: string): Record<string, string> {
  const { cell, product, recipe, key } = spec;
  return {
    ...tagsOf({ name: spec, product, cell, recipe, key }),
    [imageTags.source]: sourceId,
  };
}

function nameOf(source: Image, isTaken: boolean): string {
  const name = source.Name ?? idOf(source);
  if (!isTaken) return name;
  const id = idOf(source);
  return `${name.slice(0, longestName - id.length - 1)}-${id}`;
}
