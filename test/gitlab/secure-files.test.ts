import { afterEach, describe, expect, test } from 'vitest';
import { Here, dyingFetch, project } from './support/here.js';

let here: Here;
afterEach(() => here.close());

const textOf = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();
const filesOf = async () =>
  Object.fromEntries((await here.admin.gitlabFiles(project)).map((f) => [f.name, f.content]));
/** One attempt a call: what dies is not tried again. */
const once = { attempts: 1 };

describe('replacing a secure file', () => {
  test('writes a numbered generation and keeps the plain name up for readers of it', async () => {
    here = await Here.start();
    const gitlab = here.client();
    expect(await gitlab.replaceSecureFile(project, 'tracker', 'one')).toMatchObject({
      generation: 1,
    });
    expect(await filesOf()).toEqual({ tracker: 'one', 'tracker.1': 'one' });
    await gitlab.replaceSecureFile(project, 'tracker', 'two');
    await gitlab.replaceSecureFile(project, 'tracker', 'three');
    expect(await filesOf()).toEqual({ tracker: 'three', 'tracker.2': 'two', 'tracker.3': 'three' });
    const read = await gitlab.readSecureFile(project, 'tracker');
    expect(read).toMatchObject({ generation: 3, plain: 'same', damaged: [] });
    expect(textOf(read?.content)).toBe('three');
  });

  test('takes over a tracker that only has its plain name', async () => {
    here = await Here.start({ secureFiles: [{ name: 'tracker', content: '16.0.0\n' }] });
    const gitlab = here.client();
    const read = await gitlab.readSecureFile(project, 'tracker');
    expect([read?.generation, textOf(read?.content)]).toEqual([0, '16.0.0\n']);
    await gitlab.replaceSecureFile(project, 'tracker', '16.0.0\n16.1.0\n', { after: 0 });
    expect((await here.admin.gitlabFileHistory(project, 'tracker')).gaps).toEqual([]);
  });

  test('does nothing when the content is there already', async () => {
    here = await Here.start();
    const gitlab = here.client();
    await gitlab.replaceSecureFile(project, 'tracker', 'one');
    const before = here.effects().length;
    expect(await gitlab.replaceSecureFile(project, 'tracker', 'one')).toMatchObject({
      generation: 1,
    });
    expect(here.effects()).toHaveLength(before);
  });

  test('never leaves a moment without a whole tracker, killed before or after any of its calls', async () => {
    const secureFiles = [
      { name: 'tracker', content: 'old' },
      { name: 'tracker.4', content: 'older' },
      { name: 'tracker.5', content: 'old' },
    ];
    const finished: string[] = [];
    for (const when of ['before', 'after'] as const) {
      for (let at = 0; ; at++) {
        here = await Here.start({ secureFiles });
        const dying = here.client({ policy: once, fetch: dyingFetch(at, when) });
        const hasFinished = await dying.replaceSecureFile(project, 'tracker', 'new').then(
          () => true,
          () => false,
        );
        const gitlab = here.client();
        const read = await gitlab.readSecureFile(project, 'tracker');
        expect(['old', 'new']).toContain(textOf(read?.content));
        await gitlab.replaceSecureFile(project, 'tracker', 'new');
        expect(await filesOf()).toEqual({ tracker: 'new', 'tracker.5': 'old', 'tracker.6': 'new' });
        const { gaps } = await here.admin.gitlabFileHistory(project, 'tracker');
        expect(gaps, `killed ${when} call ${at}`).toEqual([]);
        await here.close();
        if (hasFinished) {
          finished.push(`${when} ${at}`);
          break;
        }
      }
    }
    // List, create, list, delete, create, delete: killed at each of them.
    expect(finished).toEqual(['before 6', 'after 6']);
    here = await Here.start();
  });

  test('lost answers are asked after, and nothing is written twice', async () => {
    here = await Here.start({ secureFiles: [{ name: 'tracker', content: 'old' }] });
    here.sandbox.faults.set([
      { kind: 'loseResponse', service: 'gitlab', share: 0.4, when: 'after' },
    ]);
    const gitlab = here.client({ policy: { attempts: 50, withinMs: Infinity } });
    for (const content of ['one', 'two', 'three', 'four'])
      await gitlab.replaceSecureFile(project, 'tracker', content);
    here.sandbox.faults.clear();
    expect(await filesOf()).toEqual({ tracker: 'four', 'tracker.3': 'three', 'tracker.4': 'four' });
    expect((await here.admin.gitlabFileHistory(project, 'tracker')).gaps).toEqual([]);
  });

  test('two writers that follow the same generation find out about each other', async () => {
    here = await Here.start();
    const gitlab = here.client();
    await gitlab.replaceSecureFile(project, 'tracker', 'one', { after: 0 });
    await expect(
      gitlab.replaceSecureFile(project, 'tracker', 'other', { after: 0 }),
    ).rejects.toMatchObject({ code: 'conflict', retryable: false });
    const both = await Promise.allSettled(
      ['left', 'right'].map((content) =>
        here.client().replaceSecureFile(project, 'tracker', content, { after: 1 }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('makes room in a full project of what it can spare, and says so when there is nothing', async () => {
    const others = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ name: `other-${n}`, content: 'x' }));
    const secureFiles = [
      { name: 'tracker', content: 'old' },
      { name: 'tracker.1', content: 'old' },
    ];
    here = await Here.start({ secureFiles: [...secureFiles, ...others(98)] });
    await here.client().replaceSecureFile(project, 'tracker', 'new');
    expect(await filesOf()).toMatchObject({ tracker: 'new', 'tracker.2': 'new' });
    expect((await here.admin.gitlabFileHistory(project, 'tracker')).gaps).toEqual([]);
    await here.close();
    here = await Here.start({ secureFiles: [{ name: 'tracker', content: 'old' }, ...others(99)] });
    await expect(here.client().replaceSecureFile(project, 'tracker', 'new')).rejects.toMatchObject({
      code: 'full',
      retryable: false,
    });
    expect(await filesOf()).toMatchObject({ tracker: 'old' });
  });

  test.each([
    ['an empty tracker', 'tracker', ''],
    ['a file of 5 MB', 'tracker', 'x'.repeat(5_242_880)],
    ['a name that looks like a generation', 'tracker.1', 'one'],
  ])('refuses %s', async (_, name, content) => {
    here = await Here.start();
    await expect(here.client().replaceSecureFile(project, name, content)).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(here.effects()).toEqual([]);
  });
});

describe('reading a secure file', () => {
  test('a tracker that a page of twenty doesn’t show is found', async () => {
    const others = Array.from({ length: 60 }, (_, n) => ({ name: `other-${n}`, content: 'x' }));
    const secureFiles = [{ name: 'tracker', content: 'old' }, ...others];
    here = await Here.start({ secureFiles }, { secureFileLimit: 1000 });
    const read = await here.client().readSecureFile(project, 'tracker');
    expect(textOf(read?.content)).toBe('old');
    expect(await here.client().listSecureFiles(project)).toHaveLength(61);
  });

  test('a list that shifts while it is paged is read again', async () => {
    const secureFiles = Array.from({ length: 150 }, (_, n) => ({ name: `f-${n}`, content: 'x' }));
    here = await Here.start({ secureFiles }, { secureFileLimit: 1000 });
    let deleted = false;
    const shifting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!deleted) {
        deleted = true;
        await here.admin.placeGitlabFile({ project, name: 'f-149', content: null });
      }
      return response;
    };
    const names = (await here.client({ fetch: shifting }).listSecureFiles(project)).map(
      (f) => f.name,
    );
    expect(names).toContain('f-49');
    expect(names).toHaveLength(149);
  });

  test('none is undefined; an interrupted write shows in its plain name', async () => {
    here = await Here.start();
    expect(await here.client().readSecureFile(project, 'tracker')).toBeUndefined();
    await here.admin.placeGitlabFile({ project, name: 'tracker.1', content: 'one' });
    expect(await here.client().readSecureFile(project, 'tracker')).toMatchObject({
      plain: 'missing',
    });
    await here.admin.placeGitlabFile({ project, name: 'tracker', content: 'zero' });
    expect(await here.client().readSecureFile(project, 'tracker')).toMatchObject({
      plain: 'differs',
    });
  });

  test('a file that isn’t whole is passed over, and none at all is never taken for nothing', async () => {
    const secureFiles = [
      { name: 'tracker.1', content: 'one' },
      { name: 'tracker.2', content: 'two' },
    ];
    here = await Here.start({ secureFiles });
    const cut =
      (id: string): typeof fetch =>
      async (input, init) => {
        const response = await fetch(input, init);
        const isCut = new RegExp(`/${id}/download$`).test(new Request(input).url);
        return isCut ? new Response('t') : response;
      };
    const read = await here.client({ fetch: cut('2') }).readSecureFile(project, 'tracker');
    expect([textOf(read?.content), read?.damaged]).toEqual(['one', ['tracker.2']]);
    await expect(
      here.client({ fetch: cut('\\d') }).readSecureFile(project, 'tracker'),
    ).rejects.toMatchObject({ code: 'damaged' });
  });
});
