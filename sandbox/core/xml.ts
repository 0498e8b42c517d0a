/** A small XML writer: AWS's answers are flat, and thousands of them are written each second. */

export type Xml = string;

const special = /[&<>"'\r]/;
const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
};

export function escapeXml(text: string): string {
  if (!special.test(text)) return text;
  return text.replace(/[&<>"'\r]/g, (character) => escapes[character] ?? character);
}

/** `<name>text</name>`, or nothing when there is no value. */
export function element(name: string, value: string | number | boolean | undefined): Xml {
  if (value === undefined) return '';
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** `<name>` around XML that is already written. */
export function wrap(name: string, ...content: Xml[]): Xml {
  return `<${name}>${content.join('')}</${name}>`;
}

/** AWS Query's lists: `<Name><member>…</member>…</Name>`. EC2 and RDS call the members otherwise. */
export function list(name: string, members: readonly Xml[], member = 'member'): Xml {
  return `<${name}>${members.map((m) => `<${member}>${m}</${member}>`).join('')}</${name}>`;
}

/** ISO 8601, as AWS writes timestamps. */
export function timestamp(name: string, time: number | undefined): Xml {
  return time === undefined ? '' : `<${name}>${new Date(time).toISOString()}</${name}>`;
}
