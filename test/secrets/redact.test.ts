import { expect, test } from 'vitest';
import { redact } from '../../src/secrets/index.js';

test('every place of a secret is covered', () => {
  expect(redact('with abc-123, and abc-123 again', ['abc-123'])).toBe(
    'with [redacted], and [redacted] again',
  );
});

test('a secret is found as a URL or a JSON text writes it', () => {
  const secret = 'a/b"c\\d';
  const text = `?token=${encodeURIComponent(secret)} ${JSON.stringify({ secret })} ${secret}`;
  expect(redact(text, [secret])).toBe('?token=[redacted] {"secret":"[redacted]"} [redacted]');
});

test('of a secret that holds another, nothing is left', () => {
  expect(redact('long-secret-tail', ['secret', 'long-secret-tail'])).toBe('[redacted]');
});

test('a line break at the end of a secret does not hide it', () => {
  expect(redact('token abc-123!', ['abc-123\n'])).toBe('token [redacted]!');
});

test('secrets that are empty or not there change nothing', () => {
  expect(redact('as it was', ['', ' ', undefined])).toBe('as it was');
});

test('half a surrogate pair is no trouble', () => {
  expect(redact('x\ud83c-abc y', ['\ud83c-abc'])).toBe('x[redacted] y');
});
