import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/index.js';
import { checkout } from './checkout.js';
import { smallest } from './fixtures.js';

describe('the config is looked for', () => {
  test('where the command runs', async () => {
    const cwd = checkout({ 'nightshift.yaml': smallest });
    const { path, config } = await readConfig({ cwd, env: {} });
    expect(path).toBe(join(cwd, 'nightshift.yaml'));
    expect(config.regions).toEqual(['ap-southeast-2', 'us-east-1']);
  });

  test('where NIGHTSHIFT_CONFIG says', async () => {
    const cwd = checkout({ 'nightshift.yaml': '', 'team/dev.yaml': smallest });
    const env = { NIGHTSHIFT_CONFIG: 'team/dev.yaml' };
    expect((await readConfig({ cwd, env })).path).toBe(join(cwd, 'team/dev.yaml'));
  });

  test('where --config says, above all', async () => {
    const cwd = checkout({ 'nightshift.yaml': '', 'team/dev.yaml': smallest });
    const env = { NIGHTSHIFT_CONFIG: 'elsewhere.yaml' };
    const path = join(cwd, 'team/dev.yaml');
    expect((await readConfig({ path, cwd, env })).path).toBe(path);
  });

  test('in no folder above', async () => {
    const cwd = checkout({ 'nightshift.yaml': smallest, 'sub/other.txt': '' });
    await expect(readConfig({ cwd: join(cwd, 'sub'), env: {} })).rejects.toThrow('there is no');
  });
});

describe('where there is no config, the error says what to do:', () => {
  test('none here', async () => {
    const cwd = checkout({});
    await expect(readConfig({ cwd, env: {} })).rejects.toMatchObject({
      code: 'InvalidInput',
      message: `nightshift.yaml: there is no nightshift.yaml in ${cwd}`,
      hint: 'cp nightshift.example.yaml nightshift.yaml and edit it, or name another file with --config or NIGHTSHIFT_CONFIG',
    });
  });

  test('one of another name', async () => {
    const cwd = checkout({ 'nightshift.yml': smallest });
    await expect(readConfig({ cwd, env: {} })).rejects.toMatchObject({
      hint: 'mv nightshift.yml nightshift.yaml',
    });
  });

  test.each([
    [{ path: 'dev.yaml' }, {}, '--config dev.yaml: there is no such file'],
    [{}, { NIGHTSHIFT_CONFIG: 'dev.yaml' }, 'NIGHTSHIFT_CONFIG dev.yaml: there is no such file'],
    [
      { path: 'folder' },
      {},
      '--config folder: is a folder; name the file in it, such as folder/nightshift.yaml',
    ],
  ])('one asked for by %j %j', async (options, env, message) => {
    const cwd = checkout({});
    mkdirSync(join(cwd, 'folder'));
    await expect(readConfig({ ...options, cwd, env })).rejects.toThrow(message);
  });

  test.each(['', '# nothing yet\n', 'null\n'])('an empty one: %j', async (text) => {
    const cwd = checkout({ 'nightshift.yaml': text });
    await expect(readConfig({ cwd, env: {} })).rejects.toMatchObject({
      message: 'nightshift.yaml: is empty; it must hold at least accounts, regions and policies',
      hint: 'cp nightshift.example.yaml nightshift.yaml and edit it',
    });
  });
});

test('errors name the file as the user would, with the line', async () => {
  const cwd = checkout({ 'team/dev.yaml': `${smallest}pace: { retries: x }\n` });
  const message = 'pace.retries: "x" is not allowed: must be a whole number from 0 to 50';
  await expect(readConfig({ path: 'team/dev.yaml', cwd, env: {} })).rejects.toThrow(
    `team/dev.yaml:6: ${message}`,
  );
  await expect(
    readConfig({ path: '../dev.yaml', cwd: join(cwd, 'team/sub'), env: {} }),
  ).rejects.toThrow(`${join(cwd, 'team/dev.yaml')}:6: ${message}`);
});

test('a file that holds no mapping is refused', async () => {
  const cwd = checkout({ 'nightshift.yaml': '- accounts\n' });
  await expect(readConfig({ cwd, env: {} })).rejects.toThrow(
    'nightshift.yaml:1: a list of 1 is not allowed: must be a mapping of keys to values',
  );
});
