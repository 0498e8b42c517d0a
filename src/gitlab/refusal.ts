import { z } from 'zod';
import { jsonOf } from '../http/json.js';
import { retryAfterOf } from '../http/retry-after.js';
import { redact } from '../secrets/redact.js';
import { GitLabError } from './error.js';

/** GitLab says it in `message` (text, or lists of texts by field) or in `error`. */
const saidSchema = z.union([
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ message: z.record(z.string(), z.array(z.string())) }).transform(({ message }) =>
    Object.entries(message)
      .map(([field, texts]) => `${field === 'base' ? '' : `${field} `}${texts.join(', ')}`)
      .join('; '),
  ),
  z.object({ error: z.string() }).transform(({ error }) => error),
]);

/**
 * The chain that creates pipelines answers one too many in a minute with a 400 (lib/gitlab/ci/pipeline/chain/limit):
 * nothing was created, and it may be asked again.
 */
const passing = /too many pipelines created/i;

export function refusalOf(
  doing: string,
  status: number,
  headers: Headers,
  text: string,
  secrets: readonly (string | undefined)[],
): GitLabError {
  const said = saidSchema.safeParse(jsonOf(text)).data ?? '';
  const isPassing = status === 400 && passing.test(said);
  const retryable = isPassing || status === 408 || status === 429 || status >= 500;
  const message = `${doing}: ${status}${said === '' ? '' : `: ${said.slice(0, 1000)}`}`;
  return new GitLabError(retryable ? 'unavailable' : 'refused', redact(message, secrets), {
    status,
    retryAfterMs: retryAfterOf(headers, status),
    retryable,
  });
}
