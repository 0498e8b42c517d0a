/** One thing that was looked at. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  /** How to mend it, where it isn’t ok. */
  mend?: string;
  /** What the command’s exit code says of it, where it isn’t ok; absent where that is no obstacle. */
  exitCode?: number;
}
