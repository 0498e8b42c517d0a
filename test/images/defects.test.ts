import { describe, expect, test } from 'vitest';
import { configSchema } from '../../src/domain/config/index.js';
import { imageTags } from '../../src/domain/images/tags.js';
import { configOf, setStage, until } from './stage.js';

// What the pipeline got wrong that this replaces: a listing of a YUM mirror, a tracker in GitLab's secure files, a job per
// image. One test each.

const token = 'glpat-secret-of-the-tests';
const project = 'platform/images';
const file = 'gitlab-runner-versions.txt';

/** A line whose tracker is a secure file, as others read it today. */
function withSecureFile(content: string | undefined, others: string[] = []) {
  const named = others.map((name) => ({ name, content: 'x' }));
  const ours = content === undefined ? [] : [{ name: file, content }];
  return {
    fleet: {
      parameters: [{ name: '/nightshift/gitlab', value: token, type: 'SecureString' as const }],
      gitlab: { token, projects: [{ id: 7, path: project, secureFiles: [...named, ...ours] }] },
    },
    line: (url: string) => ({
      tracker: {
        gitlab: {
          url,
          project,
          token: { ssm: '/nightshift/gitlab' },
          name: file,
          format: 'versions' as const,
        },
      },
    }),
  };
}

test('“An ordered diff reports 16.9.0 as new again once 16.10.0 is there”: what is new is a difference of sets', async () => {
  const stage = await setStage({ versions: ['16.9.0-1'] });
  await stage.check();
  await stage.publish('16.10.0-1');
  const { started } = await stage.check();
  expect(new Set(started.map(({ evr }) => evr))).toEqual(new Set(['16.10.0-1']));
});

test('“grep for 16.1.1 also matches 16.1.10”: versions are compared as a whole', async () => {
  const stage = await setStage({ versions: ['16.1.10-1'] });
  await stage.check();
  await stage.publish('16.1.1-1');
  const { built } = await stage.check();
  expect(built.map(({ evr, os }) => `${evr} ${os}`)).toEqual([
    '16.1.1-1 al2023',
    '16.1.1-1 rocky9',
  ]);
});

test('“The tracker was keyed by version only: one OS’s success hid another’s failure”: each has its own', async () => {
  const stage = await setStage({
    ...withSecureFile(undefined),
    versions: ['16.11.0-1', '16.10.0-1'],
    behaviour: {
      fail: [
        {
          kind: 'command',
          when: { NIGHTSHIFT_BASE_OS: 'rocky9', NIGHTSHIFT_VERSION: '16.11.0-1' },
          exitStatus: 2,
        },
      ],
    },
  });
  const { built, failed } = await stage.check();
  expect(built).toHaveLength(3);
  expect(failed).toMatchObject([{ os: 'rocky9', evr: '16.11.0-1' }]);
  // Who reads a list of versions is told only of those that every OS has.
  await until(async () => {
    const files = await stage.admin.gitlabFiles(project);
    return files.find(({ name }) => name === file)?.content === '16.10.0\n' || undefined;
  });
  const { cells } = await stage.line.status();
  expect(cells.filter(({ state }) => state === 'held')).toMatchObject([{ os: 'rocky9' }]);
});

describe('“Delete-then-upload leaves a window with no tracker; an empty tracker built everything”', () => {
  test('there is a whole tracker at every moment', async () => {
    const stage = await setStage(withSecureFile('16.9.0\n'));
    await stage.line.seed({ from: 'tracker' });
    await stage.check();
    await until(async () => {
      const files = await stage.admin.gitlabFiles(project);
      return files.some(({ content }) => content.includes('16.11.0')) || undefined;
    });
    expect((await stage.admin.gitlabFileHistory(project, file)).gaps).toEqual([]);
  });

  test('a new line reads the tracker before it ever writes it: nothing that only it knows is lost', async () => {
    const stage = await setStage({
      ...withSecureFile('15.0.0\n16.10.0\n'),
      versions: ['16.10.0-1'],
    });
    await stage.line.plan();
    await stage.publish('16.11.0-1');
    expect((await stage.check()).built.map(({ evr }) => evr)).toEqual(['16.11.0-1', '16.11.0-1']);
    await until(async () => {
      const files = await stage.admin.gitlabFiles(project);
      const content = files.find(({ name }) => name === file)?.content;
      return content === '15.0.0\n16.10.0\n16.11.0\n' || undefined;
    });
  });

  test('a tracker that is gone, or empty, builds nothing: what is built is the line’s to know', async () => {
    const stage = await setStage(withSecureFile(undefined));
    await stage.check();
    for (const { name } of await stage.admin.gitlabFiles(project))
      await stage.admin.placeGitlabFile({ project, name, content: '\n' });
    expect((await stage.check()).started).toEqual([]);
    expect(await stage.admin.builds()).toHaveLength(4);
  });
});

test('“Nothing new exited 1”: a check that finds nothing is a success that says so', async () => {
  const stage = await setStage({ versions: ['16.11.0-1'] });
  await stage.check();
  expect(await stage.check()).toMatchObject({
    unchanged: true,
    started: [],
    built: [],
    failed: [],
  });
});

describe('“Branches feature/a_b and feature/a/b shared a tracker”', () => {
  test('names hold no letter that would have to be replaced', () => {
    const channels = (channel: string) =>
      configSchema.safeParse(configOf({ line: { channel } }, 'http://127.0.0.1')).success;
    expect(() => channels('feature/a_b')).toThrow(/channel/);
    expect(channels('feature-a_b')).toBe(true);
  });

  test('no two lines write into one tracker', () => {
    const config = configOf({ line: { tracker: { ssm: '/t' } } }, 'http://127.0.0.1');
    const [line] = config.images ?? [];
    const both = { ...config, images: [line, { ...line, channel: 'release' }] };
    expect(JSON.stringify(configSchema.safeParse(both).error?.issues)).toContain('tracker');
  });

  test('two channels of a line share neither record nor images', async () => {
    const stage = await setStage({ versions: ['16.11.0-1'] });
    await stage.check();
    const [dev] = stage.config.images ?? [];
    if (!dev) throw new Error('no line');
    const config = { ...stage.config, images: [dev, { ...dev, channel: 'release' }] };
    const release = stage.nightshift.images.line(dev.line, {
      channel: 'release',
      setup: { config },
    });
    const { check } = await release.check();
    expect((await release.settled(check)).built).toHaveLength(2);
    const channels = (await stage.admin.images()).flatMap(
      ({ tags }) => tags[imageTags.channel] ?? [],
    );
    expect(channels.sort()).toEqual(['dev', 'dev', 'release', 'release']);
    await stage.temporal.workflow.getHandle(release.workflowId).terminate();
  });
});

test('“Listing a page (20) and not finding the tracker on page 2”: lists are read to their end', async () => {
  const others = Array.from(
    { length: 45 },
    (_, index) => `other-${String(index).padStart(2, '0')}`,
  );
  const stage = await setStage(withSecureFile('16.11.0\n16.10.0\n', others));
  expect(await stage.line.seed({ from: 'tracker' })).toEqual({ found: 4, added: 4 });
  expect((await stage.check()).started).toEqual([]);
});

test('“A random sleep of 0–180 s against a race it could not prevent”: any number of checks build each image once', async () => {
  const stage = await setStage({ versions: ['16.11.0-1', '16.10.0-1'] });
  await Promise.all(Array.from({ length: 5 }, () => stage.check()));
  const keys = (await stage.admin.builds()).map(({ env }) => env['NIGHTSHIFT_KEY']?.value);
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(4);
});

test('a mirror in the middle of a sync is no mirror without packages: the check fails or waits, the record stays', async () => {
  const stage = await setStage({ versions: ['16.11.0-1'] });
  await stage.check();
  await stage.publish('16.12.0-1');
  await stage.admin.setMirror('el9', { kind: 'midSync', requests: 1 });
  const { started } = await stage.check();
  expect(started.map(({ evr }) => evr)).toEqual(['16.12.0-1', '16.12.0-1']);
  const { cells } = await stage.line.status();
  expect(cells).toHaveLength(4);
});

test('an unchanged mirror costs one small request', async () => {
  const stage = await setStage({ versions: ['16.11.0-1'] });
  await stage.check();
  const before = stage.sandbox.ledger.size;
  await stage.check();
  const asked = await stage.admin.ledger({ service: 'mirror', since: before });
  expect(asked).toHaveLength(1);
});
