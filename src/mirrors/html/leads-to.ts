import { namesOfArchitecture } from '../../domain/images/package.js';
import type { Wanted } from '../source.js';

/** Directories that mirrors put packages into, whatever they are called. */
const usual = /^(packages|rpms|pool|main|os|noarch|all|binary-.+|v?\d[\w.]*)$/i;

/**
 * Whether what is wanted may be in a directory of that name: one of the usual ones, of its architecture, a version's,
 * its own, or its first letters as in `pool/main/g/`.
 */
export function leadsTo(directory: string, { names, architectures }: Wanted): boolean {
  if (usual.test(directory)) return true;
  if (architectures.some((each) => namesOfArchitecture(each).includes(directory))) return true;
  const own = directory.toLowerCase();
  return names.some((name) => {
    const wanted = name.toLowerCase();
    const isInitial = own.length === 1 || /^lib.$/.test(own);
    return own === wanted || own.startsWith(`${wanted}-`) || (isInitial && wanted.startsWith(own));
  });
}
