/** A URL as that of a directory, so that what is relative to it is below it. */
export function directoryOf(url: string): string {
  const directory = new URL(url);
  if (!directory.pathname.endsWith('/')) directory.pathname += '/';
  directory.hash = '';
  return directory.href;
}

/** Where a document is, as seen from its source: relative where it is below. */
export function locationBelow(root: string, url: string): string {
  return url.startsWith(root) ? decodeURI(url.slice(root.length)) : url;
}
