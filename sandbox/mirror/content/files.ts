/** What a mirror serves, by path below its URL. */
export type Files = ReadonlyMap<string, Buffer>;

/** The paths of lists in which all packages are. Of an HTML listing it is the page itself. */
export const listPath =
  /(^|\/)([0-9a-f]+-)?primary\.xml(\.\w+)?$|(^|\/)Packages(\.\w+)?$|\/by-hash\//;
