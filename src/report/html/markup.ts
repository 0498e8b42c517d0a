/** HTML that is safe to put into a page as it stands. Only this module and its callers' constants make it. */
export class Markup {
  constructor(readonly text: string) {}
}

export type MarkupValue = Markup | string | number | false | undefined | readonly MarkupValue[];

/** A tagged template that escapes whatever is put into it, save `Markup`; lists are joined. */
export function markup(strings: TemplateStringsArray, ...values: MarkupValue[]): Markup {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += render(value) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

/** For constants of our own: styles, scripts, drawings. Never for what came with a result. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

export const nothing = new Markup('');

function render(value: MarkupValue): string {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(render).join('');
  return escapeHtml(String(value));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters are no HTML, however they are written.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export function escapeHtml(text: string): string {
  return text.replace(controls, '\ufffd').replace(/[&<>"']/g, (c) => entities[c] ?? c);
}

/**
 * JSON for a `<script type="application/json">`. The HTML parser ends a script at `</script` and changes
 * state at `<!--`, whatever the JSON meant, so no `<` is left in it.
 */
export function jsonMarkup(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replace(/</g, '\\u003c'));
}
