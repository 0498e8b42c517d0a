import { describe, expect, it } from 'vitest';
import { jsonMarkup, markup, trusted } from '../../src/report/html/markup.js';
import { attack } from './hostile.js';

describe('markup', () => {
  it('escapes whatever is put in, in text and in attributes alike', () => {
    expect(markup`<p title="${`"'`}">${'<b>&</b>'}</p>`.text).toBe(
      '<p title="&quot;&#39;">&lt;b&gt;&amp;&lt;/b&gt;</p>',
    );
  });

  it('keeps what is markup already, joins lists, leaves out what is absent', () => {
    const rows = [1, 2].map((n) => markup`<i>${n}</i>`);
    expect(markup`<p>${rows}${undefined}${false}${trusted('<hr>')}</p>`.text).toBe(
      '<p><i>1</i><i>2</i><hr></p>',
    );
  });

  it('replaces control characters, which are no HTML', () => {
    expect(markup`${'a\u0000b\u001bc\td'}`.text).toBe('a\ufffdb\ufffdc\td');
  });

  it('makes JSON that no HTML parser mistakes for the end of its script', () => {
    const json = jsonMarkup({ name: attack }).text;
    expect(json).not.toContain('<');
    expect(JSON.parse(json)).toEqual({ name: attack });
  });
});
