import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { NightshiftError } from '../../src/domain/errors.js';
import { isSealed, seal, sealedKeyId, sealingKey, unseal } from '../../src/secrets/index.js';

const id = 'ssm:/dev/1/buildkite-agent-key:3';
const key = sealingKey({ id, secret: 'bkct_secret' });
const keys = (asked: string) =>
  asked === id ? Promise.resolve(key) : Promise.reject(new Error(`no key ${asked}`));
const context = 'job 1111 session';

async function refusalOf(sealed: string, given = context, from = keys): Promise<NightshiftError> {
  const error: unknown = await unseal(from, sealed, given).catch((thrown: unknown) => thrown);
  if (error instanceof NightshiftError) return error;
  throw new Error('a NightshiftError was expected', { cause: error });
}

describe('a sealed text', () => {
  test.each([
    ['empty', ''],
    ['short', 'token'],
    ['of any letters', '🌙 \u0000 é'],
    ['as long as an environment can be', JSON.stringify({ A: 'x✓'.repeat(60_000) })],
  ])('%s opens to what it was', async (_what, text) => {
    expect(await unseal(keys, seal(key, text, context), context)).toBe(text);
  });

  test('has a form that history and config can hold, with the id of its key', () => {
    const sealed = seal(key, 'token', context);
    expect(sealed).toMatch(/^sealed:v1:ssm%3A%2Fdev%2F1%2Fbuildkite-agent-key%3A3:[\w-]+$/);
    expect(isSealed(sealed)).toBe(true);
    expect(sealedKeyId(sealed)).toBe(id);
    expect(isSealed('token')).toBe(false);
  });

  test('shows nothing of what it holds, and is another one each time', () => {
    const text = 'the secret of the job';
    const sealed = [seal(key, text, context), seal(key, text, context)];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const one of sealed) {
      const bytes = Buffer.from(one.split(':')[3] ?? '', 'base64url');
      expect(bytes.includes(text)).toBe(false);
    }
  });

  test('is compressed when it is long', () => {
    const env = JSON.stringify(
      Object.fromEntries(
        Array.from({ length: 2000 }, (_, n) => [`VARIABLE_${n}`, 'value'.repeat(15)]),
      ),
    );
    expect(env.length).toBeGreaterThan(180_000);
    expect(seal(key, env, context).length).toBeLessThan(env.length / 5);
  });

  test('opens for the same use only', async () => {
    const error = await refusalOf(seal(key, 'token', context), 'job 2222 session');
    expect(error).toMatchObject({ code: 'InvalidInput', retryable: false });
    expect(error.message).toContain('"job 2222 session"');
  });

  test('does not open with the key of another secret', async () => {
    const other = sealingKey({ id, secret: 'bkct_another' });
    const error = await refusalOf(seal(key, 'token', context), context, () =>
      Promise.resolve(other),
    );
    expect(error.message).toContain(id);
    expect(error.hint).toContain('another');
  });

  test('can’t be said to be of another key', async () => {
    const sealed = seal(key, 'token', context).replace('key%3A3', 'key%3A4');
    const error = await refusalOf(sealed, context, () => Promise.resolve(key));
    expect(error.message).toContain("can't be opened");
  });

  test('is found out when any bit of it is changed', async () => {
    const sealed = seal(key, 'token', context);
    const head = sealed.slice(0, sealed.lastIndexOf(':') + 1);
    const bytes = Buffer.from(sealed.slice(head.length), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      await refusalOf(head + changed.toString('base64url'));
    }
  });

  test('that is cut short is found out', async () => {
    const sealed = seal(key, 'a longer token', context);
    await refusalOf(sealed.slice(0, -3));
    await refusalOf(sealed.slice(0, sealed.lastIndexOf(':') + 20));
  });

  test.each([
    '',
    'bkct_clear',
    'sealed:v1::abc',
    'sealed:v2:env:abc',
    'sealed:v1:%zz:abc',
    'sealed:v1:env:a b',
  ])('is not this: %j, and it is not repeated', async (given) => {
    const error = await refusalOf(given);
    expect(error.code).toBe('InvalidInput');
    if (given !== '') expect(error.message).not.toContain(given);
  });

  test('whose key can’t be had fails as the key does', async () => {
    const env = sealingKey({ id: 'env', secret: 's' });
    await expect(unseal(keys, seal(env, 'x', context), context)).rejects.toThrow('no key env');
  });
});

describe('a key', () => {
  test('shows neither the secret nor its bytes', () => {
    const shown = inspect(key, { depth: 10, showHidden: true }) + JSON.stringify(key);
    expect(shown).not.toContain('bkct_secret');
    expect(shown).not.toContain(key.key.export().toString('hex'));
  });

  test('is made of the secret alone, so that every worker makes the same', async () => {
    const again = sealingKey({ id, secret: 'bkct_secret' });
    expect(await unseal(() => Promise.resolve(again), seal(key, 'x', context), context)).toBe('x');
  });

  test('needs an id and a secret', () => {
    expect(() => sealingKey({ id: '', secret: 's' })).toThrow(NightshiftError);
    expect(() => sealingKey({ id: 'env', secret: '' })).toThrow(NightshiftError);
  });
});
