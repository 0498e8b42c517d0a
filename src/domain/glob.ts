// The POSIX entry has no code that asks for the platform, so it runs inside a workflow too.
import picomatch from 'picomatch/posix.js';
import { z } from 'zod';

const options: picomatch.PicomatchOptions = {
  // `*` takes every character of a name: account names may hold slashes and start with a dot.
  bash: true,
  dot: true,
  // An account is matched by its name or its id. A negated pattern would always hold for one of
  // the two, so `!prod*` would include what it was written to keep out.
  nonegate: true,
  noextglob: true,
};

/** A glob over names: `*`, `?`, `[a-z]` and `{a,b}`; case counts, and the whole name must match. */
export const globSchema = z.string().min(1, { error: 'must not be empty' }).regex(/^[^!]/, {
  error:
    'must be a glob of *, ?, [a-z] and {a,b}; to leave something out, use exclude rather than !',
});

/** A test for names that match at least one of the globs. With no globs, nothing matches. */
export function globMatcher(globs: readonly string[]): (name: string) => boolean {
  const matchers = globs.map((glob) => picomatch(glob, options));
  return (name) => matchers.some((matches) => matches(name));
}

/** Whether a name matches a glob; {@link globMatcher} for many names. */
export function matchesGlob(name: string, glob: string): boolean {
  return globMatcher([glob])(name);
}
