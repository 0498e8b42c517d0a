import { element, list, type Xml } from '../../core/xml.js';
import type { TagMap } from './store.js';

export function tagSetXml(tags: TagMap): Xml {
  if (tags.size === 0) return '';
  const items = [...tags].map(([key, value]) => element('key', key) + element('value', value));
  return list('tagSet', items, 'item');
}
