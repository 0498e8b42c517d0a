/** EC2's filters: `*` stands for any characters, `?` for one, and a backslash takes their meaning away. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!/[*?\\]/.test(pattern)) return pattern === text;
  return patternOf(pattern).test(text);
}

const compiled = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const source = pattern.replace(/\\(.)|([*?])|([^*?\\]+)|\\$/gs, (...groups: unknown[]) => {
    const [whole, escaped, wild, plain] = groups;
    if (wild === '*') return '.*';
    if (wild === '?') return '.';
    return literal(String(escaped ?? plain ?? whole));
  });
  const expression = new RegExp(`^${source}$`, 's');
  compiled.set(pattern, expression);
  return expression;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
