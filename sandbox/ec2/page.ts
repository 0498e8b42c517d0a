import { AwsError } from '../core/aws-error.js';
import { element, list, type Xml } from '../core/xml.js';
import { invalidValue, type Ec2Call } from './call.js';

export interface PageLimits {
  /** Least and most that MaxResults may be. */
  min: number;
  max: number;
}

/**
 * A page of a list: all of it without MaxResults. The token holds the key of the last one shown, so that what comes and
 * goes while a list is read neither doubles nor hides another.
 */
export function pageXml<T>(
  call: Ec2Call,
  limits: PageLimits,
  items: readonly T[],
  render: { name: string; keyOf: (item: T) => string; xml: (item: T) => Xml },
): Xml {
  const size = pageSize(call, limits);
  const after = afterKey(call);
  const rest = items
    .map((item) => ({ item, key: render.keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = rest.slice(0, size);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  const token = last && Buffer.from(JSON.stringify({ after: last.key })).toString('base64url');
  return (
    list(
      render.name,
      page.map(({ item }) => render.xml(item)),
      'item',
    ) + element('nextToken', token)
  );
}

function pageSize({ parameters }: Ec2Call, { min, max }: PageLimits): number {
  const text = parameters.get('MaxResults');
  if (text === null) return Infinity;
  const size = Number(text);
  if (Number.isInteger(size) && size >= min && size <= max) return size;
  throw invalidValue(text, 'maxResults', `Expecting a value from ${min} to ${max}.`);
}

function afterKey({ parameters }: Ec2Call): string | undefined {
  const token = parameters.get('NextToken');
  if (token === null || token === '') return undefined;
  const [, after] = /^\{"after":"(.*)"\}$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (after !== undefined) return after;
  throw new AwsError('InvalidPaginationToken', 'The specified pagination token is not valid.');
}
