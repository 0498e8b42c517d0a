import { z } from 'zod';
import { formatEvr } from '../../src/domain/images/versions/index.js';
import { rootOf } from './generation.js';
import type { Mirror } from './mirror.js';
import { mirrorStateSchema } from './schema.js';

/** What the admin API shows of a mirror. */
export const mirrorViewSchema = z.object({
  name: z.string(),
  kind: z.enum(['rpm', 'html', 'deb', 'folder']),
  /** Below the sandbox's URL: `/mirror/el9/`. */
  path: z.string(),
  state: mirrorStateSchema,
  /** None of a folder, which the sandbox doesn't read. */
  packages: z.array(z.object({ name: z.string(), evr: z.string(), arch: z.string() })),
});
export type MirrorView = z.infer<typeof mirrorViewSchema>;

/** @param now sandbox ms */
export function viewOfMirror(mirror: Mirror, now: number): MirrorView {
  const { name, kind } = mirror.spec;
  return {
    name,
    kind,
    path: rootOf(name),
    state: mirror.stateAt(now),
    packages: mirror.packages.map((entry) => ({ ...entry, evr: formatEvr(entry.evr) })),
  };
}
