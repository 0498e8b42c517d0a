import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeServer, type Reply } from '../buildkite/support/fake-server.js';
import { GitLab, GitLabError, type GitLabOptions } from '../../src/gitlab/index.js';

let server: FakeServer;
afterEach(() => server.close());

const secret = 'glpat-s3cr3t';

async function clientOf(script: Reply[], options: Partial<GitLabOptions> = {}) {
  server = await FakeServer.start(...script);
  const waits: number[] = [];
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  const gitlab = new GitLab({ url: server.url, token: secret, wait, random: () => 0, ...options });
  return { gitlab, waits };
}

const pipeline = { id: 1, project_id: 7, status: 'running', ref: 'main', something_new: {} };

describe('calls', () => {
  test.each([
    ['private', 'private-token', secret],
    ['job', 'job-token', secret],
    ['bearer', 'authorization', `Bearer ${secret}`],
  ] as const)('show a %s token in its header', async (tokenKind, header, value) => {
    const { gitlab } = await clientOf([{ json: pipeline }], { tokenKind });
    await gitlab.getPipeline('a/b', 1);
    expect(server.seen[0]).toMatchObject({
      path: '/api/v4/projects/a%2Fb/pipelines/1',
      headers: { [header]: value },
    });
  });

  test('wait as long as Retry-After says, and longer each time without it', async () => {
    const { gitlab, waits } = await clientOf([
      { status: 429, headers: { 'retry-after': '17' }, text: 'Retry later\n' },
      { status: 502, text: '<html>' },
      'lost',
      { text: '<html>not GitLab</html>' },
      { json: pipeline },
    ]);
    expect(await gitlab.getPipeline(7, 1)).toMatchObject({
      id: 1,
      projectId: 7,
      status: 'running',
    });
    expect(waits).toEqual([17_000, 4000, 8000, 16_000]);
  });

  test('that are refused are made once, and say what GitLab says', async () => {
    const { gitlab } = await clientOf([{ status: 403, json: { message: '403 Forbidden' } }]);
    await expect(gitlab.getPipeline(7, 1)).rejects.toMatchObject({
      code: 'refused',
      status: 403,
      message: `GET ${server.url}/api/v4/projects/7/pipelines/1: 403: 403 Forbidden`,
    });
    expect(server.seen).toHaveLength(1);
  });

  test('end when they are cancelled, with the reason', async () => {
    const { gitlab } = await clientOf(['hang']);
    const abort = new AbortController();
    const pending = gitlab.getPipeline(7, 1, abort.signal);
    abort.abort(new Error('told to stop'));
    await expect(pending).rejects.toThrow('told to stop');
  });

  test('end when no answer comes in time', async () => {
    const { gitlab } = await clientOf(['hang'], { timeoutMs: 50, policy: { attempts: 1 } });
    await expect(gitlab.getPipeline(7, 1)).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
  });

  test('follow keyset links by their query alone: the token goes nowhere else', async () => {
    const next = '<https://elsewhere.example/api?cursor=abc&per_page=100>; rel="next"';
    const row = { ...pipeline, source: 'api' };
    const { gitlab } = await clientOf([
      { json: [row], headers: { link: next } },
      { json: [{ key: 'K', value: 'other' }] },
      { json: [{ ...row, id: 2 }] },
      { json: [{ key: 'K', value: 'v' }] },
    ]);
    const since = new Date();
    const found = await gitlab.findPipeline(7, 'main', { name: 'K', value: 'v' }, { since });
    expect(found?.id).toBe(2);
    expect(server.seen[2]?.query).toMatchObject({ cursor: 'abc', ref: 'main' });
  });

  test('that are redirected to an object store leave the token behind', async () => {
    const { gitlab } = await clientOf([
      { status: 302, headers: { location: '/store/file?signature=x' } },
      { text: 'content' },
    ]);
    const bytes = await gitlab.readArtifact(7, 1, 'a/b.json');
    expect(Buffer.from(bytes ?? []).toString()).toBe('content');
    expect(server.seen[0]?.path).toBe('/api/v4/projects/7/jobs/1/artifacts/a/b.json');
    expect(server.seen[1]?.headers).not.toHaveProperty('private-token');
  });
});

describe('tokens', () => {
  test.each<[string, Reply]>([
    ['a refusal that quotes it', { status: 401, json: { message: `bad token ${secret}` } }],
    ['an answer of another shape', { json: { token: secret } }],
    ['no answer', 'lost'],
  ])('are not in the error of %s', async (_, reply) => {
    const { gitlab } = await clientOf([reply], { policy: { attempts: 1 } });
    const error: unknown = await gitlab.getPipeline(7, 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitLabError);
    expect(inspect([error, gitlab], { depth: 10, showHidden: true })).not.toContain(secret);
  });

  test('that no header may hold are refused before a call is made, unquoted', async () => {
    const { gitlab } = await clientOf([{ json: pipeline }], { token: 'line\nbreak' });
    const error: unknown = await gitlab.getPipeline(7, 1).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid', retryable: false });
    expect(inspect(error)).not.toContain('break\n');
    expect(server.seen).toHaveLength(0);
  });

  test('of triggers are sent in the body, and are in no error', async () => {
    const { gitlab } = await clientOf([
      { json: [] },
      { status: 404, json: { message: 'tr-1gger' } },
    ]);
    const asked = { ref: 'main', mark: { name: 'K', value: 'v' }, since: new Date() };
    const error: unknown = await gitlab
      .createPipeline(7, { ...asked, triggerToken: 'tr-1gger' })
      .catch((thrown: unknown) => thrown);
    expect(server.json(1)).toMatchObject({ token: 'tr-1gger', variables: { K: 'v' } });
    expect(server.seen[1]?.headers).not.toHaveProperty('private-token');
    expect(inspect(error)).not.toContain('tr-1gger');
  });
});
