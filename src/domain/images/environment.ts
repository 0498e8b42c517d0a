import type { ImageSpec } from './spec.js';

/** The environment variables that a builder is given, whichever it is. */
export function buildEnvironment(spec: ImageSpec, baseImage: string): Record<string, string> {
  const { product, cell, os, key, recipe, line, channel, place } = spec;
  return {
    ...os.variables,
    NIGHTSHIFT_LINE: line,
    NIGHTSHIFT_CHANNEL: channel,
    NIGHTSHIFT_PRODUCT: product,
    NIGHTSHIFT_VERSION: cell.evr,
    NIGHTSHIFT_ARCH: cell.arch,
    NIGHTSHIFT_BASE_OS: cell.os,
    NIGHTSHIFT_BASE_IMAGE: baseImage,
    NIGHTSHIFT_REGION: place.target.region,
    NIGHTSHIFT_KEY: key,
    ...(os.user === undefined ? {} : { NIGHTSHIFT_SSH_USER: os.user }),
    ...(recipe === undefined ? {} : { NIGHTSHIFT_RECIPE: recipe }),
  };
}
