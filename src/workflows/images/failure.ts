import { ApplicationFailureCategory } from '@temporalio/common';
import { ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import type { ImageFailure } from '../../domain/images/result.js';
import { causeOf, messageOf } from '../failure.js';

/** An image that could not be made: its line tries it again, a number of times. */
export function imageFailed(reason: string, link?: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'ImageFailed',
    message: reason,
    nonRetryable: true,
    details: [link === undefined ? {} : { link }],
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** What an image's workflow failed with. */
export function failureOf(error: unknown): ImageFailure {
  const cause = causeOf(error instanceof ChildWorkflowFailure ? error.cause : error);
  const link = cause instanceof ApplicationFailure ? linkIn(cause.details?.[0]) : undefined;
  return { reason: messageOf(cause), ...(link === undefined ? {} : { link }) };
}

function linkIn(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  const link: unknown = Reflect.get(details, 'link');
  return typeof link === 'string' ? link : undefined;
}
