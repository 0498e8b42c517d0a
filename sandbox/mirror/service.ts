import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import type { Mirror } from './mirror.js';
import { rootOf } from './generation.js';
import { plain, serve } from './serve.js';

/** Serves the mirrors under `/mirror/`. */
export class MirrorService implements Service {
  readonly names = ['mirror'];
  readonly foreign = { pathPrefix: '/mirror/', accountId: 'mirror', region: '-' };

  constructor(
    private readonly mirrors: ReadonlyMap<string, Mirror>,
    private readonly now: () => number,
  ) {}

  actionOf({ path }: AwsRequest): string {
    return actionOf(placeOf(path).below);
  }

  async handle(request: AwsRequest): Promise<AwsResponse> {
    const { name, below = '' } = placeOf(request.path);
    const action = actionOf(below);
    const subject = `${name}/${below}`;
    const mirror = this.mirrors.get(name);
    if (!mirror) return { ...plain(404, `there is no mirror ${name}`), action, subject };
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { ...plain(405, 'a mirror is only read'), action, subject };
    if (request.path === rootOf(name).slice(0, -1))
      return { status: 301, headers: { location: rootOf(name) }, body: '', action, subject };
    return { ...(await serve(mirror, below, request, this.now())), action, subject };
  }

  /** A fault: those that AWS has, as a web server words them. */
  renderError(error: { code: string; message: string; status: number }): AwsResponse {
    const isThrottled = error.code === 'Throttling';
    const reply = plain(isThrottled ? 429 : error.status, error.message);
    return {
      ...reply,
      action: '',
      errorCode: error.code,
      ...(isThrottled ? { headers: { ...reply.headers, 'retry-after': '1' } } : {}),
    };
  }
}

/** The mirror that a path is about, and what is below its URL. */
function placeOf(path: string): { name: string; below?: string } {
  const [, name = '', below] = /^\/mirror\/([^/]*)(?:\/([^]*))?$/.exec(path) ?? [];
  return below === undefined ? { name } : { name, below };
}

const actions: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)$/, 'GetListing'],
  [/(^|\/)repomd\.xml$/, 'GetRepomd'],
  [/primary\.xml(\.\w+)?$/, 'GetPrimary'],
  [/(^|\/)(In)?Release$/, 'GetRelease'],
  [/(^|\/)Packages(\.\w+)?$|\/by-hash\//, 'GetPackages'],
  [/\.(asc|gpg)$/, 'GetSignature'],
];

function actionOf(below = ''): string {
  return actions.find(([pattern]) => pattern.test(below))?.[1] ?? 'GetFile';
}
