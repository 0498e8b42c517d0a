import { z } from 'zod';
import { AwsError } from '../../core/aws-error.js';
import { offsetPage } from '../../core/offset-page.js';
import type { BuilderImage } from '../builder-image.js';
import type { Lifecycle } from '../lifecycle.js';
import type { Pipeline } from '../pipeline.js';
import type { BuilderStore } from '../store.js';
import type { BuilderTokens } from '../tokens.js';

/** One call of Image Builder: JSON in a body or, of a GET, the query. */
export interface BuilderCall {
  accountId: string;
  region: string;
  requestId: string;
  /** Not yet checked. */
  input: unknown;
  now: number;
}

export interface BuilderResult {
  json: Record<string, unknown>;
  subject?: string;
  effective?: boolean;
}

export type BuilderAction = (call: BuilderCall) => BuilderResult;

/** What the actions work on. */
export interface Parts {
  store: BuilderStore;
  lifecycle: Lifecycle;
  tokens: BuilderTokens;
}

/** An action whose input has a shape. */
export function action<T>(
  schema: z.ZodType<T>,
  run: (input: T, call: BuilderCall) => BuilderResult,
): BuilderAction {
  return (call) => {
    const parsed = schema.safeParse(call.input);
    if (parsed.success) return run(parsed.data, call);
    const why = parsed.error.issues.map(
      ({ path, message }) =>
        `The value supplied for parameter '${path.join('.')}' is not valid. ${message}`,
    );
    throw new AwsError('InvalidParameterValueException', why.join('; '));
  };
}

/** "Minimum length of 1. Maximum length of 36." (API) */
export const clientToken = z.string().min(1).max(36);

export const paging = {
  maxResults: z.number().int().min(1).max(25).default(25),
  nextToken: z.string().optional(),
};

export function page<T>(
  items: readonly T[],
  input: { maxResults: number; nextToken?: string | undefined },
) {
  try {
    return offsetPage(items, input.nextToken, input.maxResults);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('InvalidPaginationTokenException', 'The pagination token is not valid.');
  }
}

export function requirePipeline({ store }: Parts, call: BuilderCall, arn: string): Pipeline {
  const pipeline = store.pipeline(arn);
  if (pipeline?.accountId === call.accountId && pipeline.spec.region === call.region)
    return pipeline;
  throw notFound(arn);
}

export function requireImage({ store }: Parts, call: BuilderCall, arn: string): BuilderImage {
  const image = store.image(arn);
  const { accountId, spec } = image?.pipeline ?? {};
  if (image && accountId === call.accountId && spec?.region === call.region) return image;
  throw notFound(arn);
}

function notFound(arn: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `The resource with ARN '${arn}' does not exist or you do not have permission to access it.`,
    404,
  );
}
