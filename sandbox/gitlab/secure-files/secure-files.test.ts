import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SandboxAdmin } from '../../admin-client.js';
import type { Sandbox } from '../../index.js';
import { call, gitlabSandbox, upload } from '../testing.js';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const project = { id: 7, path: 'platform/images' };
const names = (json: unknown) =>
  z
    .array(z.object({ name: z.string() }))
    .parse(json)
    .map(({ name }) => name);

describe('secure files', () => {
  test('are created, shown with their sha256, downloaded and deleted', async () => {
    sandbox = await gitlabSandbox({ projects: [project] });
    const created = await upload(sandbox, 'tracker', 'one\n');
    const checksum = createHash('sha256').update('one\n').digest('hex');
    expect(created).toMatchObject({
      status: 201,
      json: { id: 1, name: 'tracker', checksum, checksum_algorithm: 'sha256' },
    });
    expect((await call(sandbox, 'GET', '/7/secure_files/1')).json).toEqual(created.json);
    expect((await call(sandbox, 'GET', '/7/secure_files/1/download')).text).toBe('one\n');
    expect((await call(sandbox, 'DELETE', '/7/secure_files/1')).status).toBe(204);
    expect(await call(sandbox, 'GET', '/7/secure_files/1/download')).toMatchObject({
      status: 404,
      json: { message: '404 Not found' },
    });
  });

  test('cannot be updated, and two of a project cannot have one name', async () => {
    sandbox = await gitlabSandbox({
      projects: [{ ...project, secureFiles: [{ name: 'tracker', content: 'one' }] }],
    });
    expect(await upload(sandbox, 'tracker', 'two')).toMatchObject({
      status: 400,
      json: { message: { name: ['has already been taken'] } },
    });
    expect((await call(sandbox, 'PUT', '/7/secure_files/1')).status).toBe(404);
    expect((await call(sandbox, 'GET', '/7/secure_files/1/download')).text).toBe('one');
  });

  test('are a hundred a project at most, and below 5 MB', async () => {
    sandbox = await gitlabSandbox({ projects: [project], secureFileLimit: 2 });
    expect((await upload(sandbox, 'a', '')).status).toBe(400);
    await upload(sandbox, 'a', 'x');
    expect((await upload(sandbox, 'large', 'x'.repeat(5_242_880))).status).toBe(413);
    expect((await upload(sandbox, 'b', 'x'.repeat(5_242_879))).status).toBe(201);
    expect(await upload(sandbox, 'c', 'x')).toMatchObject({
      status: 400,
      json: { message: { base: ['Maximum number of project ci secure files (2) exceeded'] } },
    });
  });

  test('are listed in pages of twenty unless asked, a hundred at most', async () => {
    const secureFiles = Array.from({ length: 45 }, (_, index) => ({
      name: `file-${index}`,
      content: 'x',
    }));
    sandbox = await gitlabSandbox({ projects: [{ ...project, secureFiles }] });
    const first = await call(sandbox, 'GET', '/platform%2Fimages/secure_files');
    expect(names(first.json)).toHaveLength(20);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-page': '1',
      'x-per-page': '20',
      'x-next-page': '2',
      'x-prev-page': '',
      'x-total': '45',
      'x-total-pages': '3',
    });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await fetch(next, { headers: { 'PRIVATE-TOKEN': 'gitlab-token' } });
    expect(names(await second.json())[0]).toBe('file-24');
    const last = await call(sandbox, 'GET', '/7/secure_files?page=3');
    expect(names(last.json)).toHaveLength(5);
    expect(last.headers.get('x-next-page')).toBe('');
    expect(names((await call(sandbox, 'GET', '/7/secure_files?per_page=500')).json)).toHaveLength(
      45,
    );
    expect((await call(sandbox, 'GET', '/7/secure_files?page=0')).status).toBe(400);
  });

  test('without a name or a file are refused', async () => {
    sandbox = await gitlabSandbox({ projects: [project] });
    expect(await call(sandbox, 'POST', '/7/secure_files', { form: new FormData() })).toMatchObject({
      status: 400,
      json: { error: 'name is missing, file is missing' },
    });
  });

  test('have a history that tells when there was none of them', async () => {
    sandbox = await gitlabSandbox({ projects: [project] });
    const admin = new SandboxAdmin(sandbox.url);
    await upload(sandbox, 'tracker', 'one');
    await upload(sandbox, 'tracker.1', 'two');
    await call(sandbox, 'DELETE', '/7/secure_files/1');
    await upload(sandbox, 'tracker', 'two');
    const whole = await admin.gitlabFileHistory('7', 'tracker');
    expect(whole).toMatchObject({ gaps: [], plainGaps: [{ until: expect.any(String) as string }] });
    expect(whole.changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'created tracker',
      'created tracker.1',
      'deleted tracker',
      'created tracker',
    ]);
    await admin.placeGitlabFile({ project: '7', name: 'tracker', content: null });
    await admin.placeGitlabFile({ project: '7', name: 'tracker.1', content: null });
    expect((await admin.gitlabFileHistory('7', 'tracker')).gaps).toHaveLength(1);
    expect(await admin.gitlabFiles('7')).toEqual([]);
  });
});
