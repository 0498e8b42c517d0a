import { escapeXml } from '../../core/xml.js';
import { contentOf, debFile, rpmFile, type Entry } from '../entry.js';
import type { Files } from './files.js';

export interface HtmlListing {
  entries: readonly Entry[];
  /** What its files are. */
  versions: 'rpm' | 'deb';
  /** Where it is served: `/mirror/listing/`. */
  root: string;
  /** When it was put together; sandbox ms. */
  at: number;
}

/** A page as web servers list a folder, at the root of the mirror, and the files that it lists. */
export function htmlFiles({ entries, versions, root, at }: HtmlListing): Files {
  const fileOf = versions === 'rpm' ? rpmFile : debFile;
  // In the order of their names, as web servers do, which isn't that of versions.
  const files = entries
    .map((entry): [string, Buffer] => [fileOf(entry), contentOf(entry)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map([['', Buffer.from(pageOf(root, files, at))], ...files]);
}

function pageOf(root: string, files: readonly [string, Buffer][], at: number): string {
  const modified = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const rows = files.map(([name, content]) => {
    const href = encodeURIComponent(name);
    return `<tr><td><a href="${href}">${escapeXml(name)}</a></td><td>${modified}</td><td>${content.length}</td></tr>\n`;
  });
  return `<!DOCTYPE html>
<html>
<head><title>Index of ${escapeXml(root)}</title></head>
<body>
<h1>Index of ${escapeXml(root)}</h1>
<table>
<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th><th><a href="?C=S;O=A">Size</a></th></tr>
<tr><td><a href="../">Parent Directory</a></td><td></td><td></td></tr>
${rows.join('')}</table>
</body>
</html>
`;
}
