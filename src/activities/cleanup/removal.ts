/** How the delete of something ended that AWS deletes in one call. */
export interface Removal {
  outcome: 'deleted' | 'retry' | 'failed' | 'skipped';
  /** Why it stays. */
  message?: string;
}
