import type { BuilderSpec } from '../../../domain/images/spec.js';
import type { ImageBuilder } from './builder.js';
import { inCodebuild } from './codebuild.js';
import { inGitlab } from './gitlab.js';
import { inImageBuilder } from './image-builder.js';

/** The builder that a line names. */
export function builderFor(spec: BuilderSpec): ImageBuilder {
  switch (spec.kind) {
    case 'codebuild':
      return inCodebuild(spec);
    case 'gitlab':
      return inGitlab(spec);
    case 'imageBuilder':
      return inImageBuilder(spec);
  }
}
