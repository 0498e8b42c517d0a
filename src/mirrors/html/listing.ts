/** What one page of a mirror lists, by URLs. */
export interface Listing {
  files: string[];
  /** Listings below this one. */
  directories: string[];
  /** Where the same listing goes on. */
  next?: string;
}

/** The last part of a URL's path, decoded. Some servers encode even the slashes before it. */
export function fileNameOf(url: string): string {
  const path = new URL(url).pathname;
  return lastOf(decoded(lastOf(path)));
}

/** The name of a listing's directory, decoded. */
export function directoryNameOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  return lastOf((searchParams.get('prefix') ?? decoded(pathname)).replace(/\/$/, ''));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A name with a percent sign of its own, which a careless server leaves as it is, is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
