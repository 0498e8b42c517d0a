/** Whether calls can be made there: http or https, and no password in it. */
export function isEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, username, password } = new URL(endpoint);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** An endpoint as an error may show it: a URL can hold a password. */
export function shownEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) return '(an endpoint that is no URL)';
  const { protocol, host, pathname } = new URL(endpoint);
  return withoutSlash(`${protocol}//${host}${pathname}`);
}

export function withoutSlash(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}

/** Whether a header may hold it: undici's own error would quote it. */
export function isToken(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
