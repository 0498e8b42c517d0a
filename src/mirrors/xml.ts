import { SaxesParser } from 'saxes';
import { MirrorError } from './error.js';

/** An element of a small document. */
export interface XmlElement {
  /** Without its prefix. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** All text directly in it. */
  text: string;
  children: XmlElement[];
}

/** The root of a small document. Throws a {@link MirrorError} where it is broken or breaks off. */
export function parseXml(text: string, url: string): XmlElement {
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  const document: XmlElement = { name: '', attributes: {}, text: '', children: [] };
  const open = [document];
  parser.on('error', ({ message }) => {
    throw new MirrorError('inconsistent', url, `is broken XML: ${message}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name: name.replace(/^.*:/, ''), attributes, text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const gather = (piece: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', gather);
  parser.on('cdata', gather);
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  const [root] = document.children;
  if (root === undefined) throw new MirrorError('inconsistent', url, 'is empty');
  return root;
}

/** The elements of that name directly in another. */
export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** The text of the first element of that name directly in another, spaces around it left out. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text.trim();
}
