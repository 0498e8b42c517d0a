import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { parseDuration } from '../../domain/duration.js';
import { buildEnvironment } from '../../domain/images/environment.js';
import type { ImagesByRegion } from '../../domain/images/manifest.js';
import type { ImageResult } from '../../domain/images/result.js';
import type { ImageSpec } from '../../domain/images/spec.js';
import { type ImageState, imageTags, tagsOf } from '../../domain/images/tags.js';
import { unwrapped } from '../failure.js';
import { activitiesWith } from './activities.js';
import { builderFor } from './builders/index.js';
import type { Made } from './builders/builder.js';
import { runBuild } from './builders/codebuild.js';
import { failureOf, imageFailed } from './failure.js';

/**
 * Makes one machine image: unless it is there already, builds it; then tries it, copies, tags and shares it, and
 * deprecates those that it replaces. Each stage can be repeated, and finds what an earlier attempt has done.
 */
export async function imageBuild(spec: ImageSpec): Promise<ImageResult> {
  try {
    return await make(spec);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { reason, link } = failureOf(error);
    throw imageFailed(reason, link);
  }
}

async function make(spec: ImageSpec): Promise<ImageResult> {
  const { place } = spec;
  const { region } = place.target;
  const { look } = activitiesWith(place.pace);
  const found = await look.findImage({ spec });
  const made: Made = found ? { images: { [region]: found.imageId } } : await build(spec);
  const imageId = made.images[region];
  if (imageId === undefined)
    throw imageFailed(
      `the builder has made no image in ${region}, only in ${Object.keys(made.images).join(', ')}`,
      made.link,
    );
  try {
    await Promise.all(Object.entries(made.images).map((image) => finish(spec, image, imageId)));
    if (!found?.ready) await tryOut(spec, imageId);
    const images = { ...made.images, ...(await copies(spec, imageId, made.images)) };
    await handOver(spec, images);
    const { [region]: _home, ...elsewhere } = images;
    return {
      imageId,
      builtAt: new Date().toISOString(),
      found: found !== null,
      ...(Object.keys(elsewhere).length === 0 ? {} : { copies: elsewhere }),
      ...(made.link === undefined ? {} : { link: made.link }),
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { reason, link = made.link } = failureOf(error);
    throw imageFailed(reason, link);
  }
}

async function build(spec: ImageSpec): Promise<Made> {
  const { place, baseImage } = spec;
  const { look } = activitiesWith(place.pace);
  const base = await unwrapped(look.resolveBaseImage({ place, baseImage }));
  return await builderFor(spec.builder)({ spec, variables: buildEnvironment(spec, base) });
}

/** Until an image that a builder has made can be used; tagged so that it is found again. */
async function finish(
  spec: ImageSpec,
  [region, imageId]: [string, string],
  original: string,
): Promise<void> {
  const { place, imageTimeout: timeout } = spec;
  const { change, wait } = activitiesWith(place.pace);
  const isCopy = imageId !== original;
  const tags = { ...ownTags(spec), ...(isCopy ? { [imageTags.source]: original } : {}) };
  await unwrapped(change.tagImage({ place, region, imageId, tags }));
  await unwrapped(wait.awaitImage({ place, region, imageId, timeout }));
}

/** A build that tries the image. One that fails is not handed out, nor found again. */
async function tryOut(spec: ImageSpec, imageId: string): Promise<void> {
  const { smokeTest, place } = spec;
  if (!smokeTest) return;
  const { project, overrides } = smokeTest;
  const variables = { ...buildEnvironment(spec, imageId), NIGHTSHIFT_IMAGE_ID: imageId };
  const result = await runBuild('smoke-test', {
    ...place,
    project,
    overrides: { ...overrides, env: { ...overrides.env, ...variables } },
    sinks: [],
    retry: { attempts: 3, delay: '30s' },
  });
  if (result.status === 'SUCCEEDED') return;
  const reason = `the smoke test of ${imageId} ended as ${result.status}${result.reason === undefined ? '' : `: ${result.reason}`}`;
  // A fault of CodeBuild's says nothing of the image.
  if (result.status === 'FAILED') await setState(spec, place.target.region, imageId, 'rejected');
  throw imageFailed(reason, result.links.console);
}

/** A region that fails stops no other; all that failed are said. */
async function copies(
  spec: ImageSpec,
  imageId: string,
  made: ImagesByRegion,
): Promise<ImagesByRegion> {
  const { copy } = activitiesWith(spec.place.pace);
  const regions = spec.copyTo.filter((region) => made[region] === undefined);
  const outcomes = await Promise.allSettled(
    regions.map((region) => copy.copyImage({ spec, region, imageId })),
  );
  const copied: ImagesByRegion = {};
  const failed: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const region = regions[index] ?? '';
    if (outcome.status === 'fulfilled') copied[region] = outcome.value;
    else if (isCancellation(outcome.reason)) throw outcome.reason;
    else failed.push(`${region}: ${failureOf(outcome.reason).reason}`);
  }
  if (failed.length > 0)
    throw imageFailed(`${imageId} could not be copied to ${failed.join('; ')}`);
  return copied;
}

/** From here on others may use it. Tagged as ready at last: what is not done by then is done again. */
async function handOver(spec: ImageSpec, images: ImagesByRegion): Promise<void> {
  const { place, shareWith, replaces, deprecateAfter } = spec;
  const { change } = activitiesWith(place.pace);
  const all = Object.entries(images);
  if (shareWith.length > 0)
    await Promise.all(
      all.map(([region, imageId]) =>
        unwrapped(change.shareImage({ place, region, imageId, accounts: shareWith })),
      ),
    );
  await Promise.all(all.map(([region, imageId]) => setState(spec, region, imageId, 'ready')));
  if (deprecateAfter === undefined || replaces.length === 0) return;
  const at = new Date(Date.now() + parseDuration(deprecateAfter)).toISOString();
  await unwrapped(change.deprecateImages({ place, images: replaces, at }));
}

async function setState(
  { place }: ImageSpec,
  region: string,
  imageId: string,
  state: ImageState,
): Promise<void> {
  const { change } = activitiesWith(place.pace);
  await CancellationScope.nonCancellable(() =>
    unwrapped(change.tagImage({ place, region, imageId, tags: { [imageTags.state]: state } })),
  );
}

function ownTags(spec: ImageSpec): Record<string, string> {
  const { tags, product, cell, recipe, key } = spec;
  return { ...tags, ...tagsOf({ name: spec, product, cell, recipe, key }) };
}
