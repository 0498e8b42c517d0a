/** What a mirror was like when it was read, to ask whether it has changed since. Small, and fit for a workflow. */
export interface MirrorState {
  /** Of the source and of what was wanted of it: a state is of no use for anything else. */
  asked: string;
  /** Of the metadata that lists the packages. */
  checksum: string;
  /** The two validators of the document that is asked for first, where the server gives any. */
  etag?: string;
  lastModified?: string;
}
