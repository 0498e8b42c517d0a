import type { AwsConnections } from '../../../../aws/connections.js';
import type { Pace } from '../../../../domain/config/index.js';
import { parseDuration } from '../../../../domain/duration.js';
import type { GitLabProject, SecretName } from '../../../../domain/images/spec.js';
import { GitLab, GitLabError, defaultPolicy } from '../../../../gitlab/index.js';
import { readSecret } from '../../secret-parameter.js';
import { fromGitLabError } from './failures.js';

/** How long a token is used before it is read again: it may have been replaced. Milliseconds. */
const goodFor = 300_000;
/** Tokens that one piece of work is tried with, each read after GitLab did not know the one before. */
const mostTokens = 3;

/** The way to GitLab: with access tokens that SSM holds, which never leave the process. */
export class GitLabAccess {
  private readonly tokens = new Map<string, { read: Promise<string>; at: number }>();

  constructor(private readonly aws: AwsConnections) {}

  /**
   * Does something with a project; `work` is done again where the token was replaced meanwhile.
   *
   * @throws NightshiftError `GitLabUnavailable`, `GitLabRefused`, or what is wrong with the token's parameter.
   */
  async use<T>(
    { url, token: place }: Pick<GitLabProject, 'url' | 'token'>,
    pace: Pace,
    doing: string,
    work: (gitlab: GitLab) => Promise<T>,
  ): Promise<T> {
    let token = await this.token(place, pace);
    for (let left = mostTokens - 1; ; left -= 1) {
      try {
        return await work(new GitLab({ url, token, policy: policyOf(pace) }));
      } catch (error) {
        const isUnknown = error instanceof GitLabError && error.status === 401;
        const renewed = isUnknown && left > 0 ? await this.renewed(place, pace) : token;
        if (renewed === token) throw fromGitLabError(error, doing);
        token = renewed;
      }
    }
  }

  private renewed(place: SecretName, pace: Pace): Promise<string> {
    this.tokens.delete(keyOf(place));
    return this.token(place, pace);
  }

  private token(place: SecretName, pace: Pace): Promise<string> {
    const key = keyOf(place);
    const known = this.tokens.get(key);
    if (known && Date.now() - known.at < goodFor) return known.read;
    const hint =
      'put the access token there as a SecureString, or correct the token’s name in nightshift.yaml';
    const read = readSecret(this.aws, place, { pace, hint });
    this.tokens.set(key, { read, at: Date.now() });
    // What can't be read now may be there in a moment.
    read.catch(() => this.tokens.delete(key));
    return read;
  }
}

function keyOf({ ssm, region }: SecretName): string {
  return `${region ?? ''} ${ssm}`;
}

/** The client's own waits at the default pace, shorter and longer with it. */
function policyOf({ retryDelay }: Pace) {
  const share = parseDuration(retryDelay) / 500;
  const [least, most] = defaultPolicy.jitterMs ?? [0, 0];
  return {
    firstMs: defaultPolicy.firstMs * share,
    jitterMs: [least * share, most * share] as const,
  };
}
