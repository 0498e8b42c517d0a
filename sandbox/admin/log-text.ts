import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import type { AdminDependencies } from './handler.js';
import type { LogText } from './schema.js';

const querySchema = z.strictObject({
  /** Id or name. */
  account: z.string(),
  region: z.string(),
  group: z.string(),
  stream: z.string(),
});

/** A whole log as it truly is: what isn't visible yet included. */
export function readLog(
  { directory, services }: AdminDependencies,
  query: URLSearchParams,
): LogText {
  const { account, region, group, stream } = querySchema.parse(Object.fromEntries(query));
  const accountId = directory.account(account)?.id ?? account;
  const place = { accountId, region, group, stream };
  if (!services.logs.stream(place))
    throw new AwsError('NoSuchLog', `no log ${group}:${stream} in ${accountId}/${region}`, 404);
  return { text: services.logs.text(place) };
}
