import { element, type Xml } from '../core/xml.js';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole answer: the declaration, the root with S3's namespace, its content. */
export function document(root: string, ...content: Xml[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${content.join('')}</${root}>`;
}

export function errorDocument(
  error: { code: string; message: string },
  elements: Record<string, string> = {},
  requestId?: string,
): string {
  const details = Object.entries(elements).map(([name, value]) => element(name, value));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element('Code', error.code)}${element('Message', error.message)}${details.join('')}${element('RequestId', requestId)}</Error>`;
}

/** A header that holds `true`. */
export function flag(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}
