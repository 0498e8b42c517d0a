import { Parser } from 'htmlparser2';
import type { Listing } from './listing.js';

/** What a page links to, wherever it puts it: a list, a table, preformatted text. */
export function listingOfPage(html: string, url: string): Listing {
  const hrefs: string[] = [];
  let base = url;
  const parser = new Parser({
    onopentag(name, { href }) {
      if (href === undefined) return;
      if (name === 'a') hrefs.push(href.trim());
      if (name === 'base' && URL.canParse(href, url)) base = new URL(href, url).href;
    },
  });
  parser.end(html);
  const targets = hrefs
    .filter((href) => URL.canParse(href, base))
    .map((href) => new URL(href, base));
  // A query sorts the same page, as Apache's do, or is no file's.
  const plain = targets.filter(
    ({ search, protocol }) => search === '' && /^https?:$/.test(protocol),
  );
  return {
    files: plain.filter(({ pathname }) => !pathname.endsWith('/')).map(withoutFragment),
    directories: plain
      .filter(({ pathname }) => pathname.endsWith('/'))
      .map(withoutFragment)
      .filter((target) => isBelow(target, url)),
  };
}

function withoutFragment(target: URL): string {
  target.hash = '';
  return target.href;
}

/** Not the parent, nor a place elsewhere. */
function isBelow(target: string, url: string): boolean {
  const here = new URL('./', url).href;
  return target.startsWith(here) && target !== here;
}
