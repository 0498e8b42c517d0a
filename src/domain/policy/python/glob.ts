/** Python's `fnmatch` on Linux: `*`, `?`, `[a-z]` and `[!a-z]`; case counts, the whole text matches. */
export function globMatches(text: string, pattern: string): boolean {
  return new RegExp(`^${translate(pattern)}$`, 'v').test(text);
}

// A ] that comes first is a member; a [ that nothing closes is a character.
const piece = /\[(?:!(?<others>\][^\]]*|[^\]]+)|(?!!)(?<these>\][^\]]*|[^\]]+))\]|[^]/gu;

function translate(pattern: string): string {
  return [...pattern.matchAll(piece)]
    .map(({ 0: whole, groups }) => {
      if (groups?.['others'] !== undefined) return bracket(groups['others'], true);
      if (groups?.['these'] !== undefined) return bracket(groups['these'], false);
      if (whole === '*') return '[\\s\\S]*';
      return whole === '?' ? '[\\s\\S]' : literal(whole);
    })
    .join('');
}

function bracket(members: string, negative: boolean): string {
  const characters = Array.from(members);
  const ranges: string[] = [];
  for (let index = 0; index < characters.length; index++) {
    const from = characters[index] ?? '';
    const to = characters[index + 2];
    if (characters[index + 1] === '-' && to !== undefined) {
      // A range without an order has no members.
      if ((from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0)) {
        ranges.push(`${literal(from)}-${literal(to)}`);
      }
      index += 2;
    } else ranges.push(literal(from));
  }
  return `[${negative ? '^' : ''}${ranges.join('')}]`;
}

function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
