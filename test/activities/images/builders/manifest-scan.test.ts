import { expect, test } from 'vitest';
import { ManifestScan } from '../../../../src/activities/images/builders/manifest-scan.js';

const manifest = '{"builds":[{"artifact_id":"us-east-1:ami-12345678"}]}';
const log = [
  'Packer begins ✓\r\n',
  'NIGHTSHIFT_MANIFEST {"builds":"of an earlier run"}\n',
  `section\r\u001b[0K\u001b[32mNIGHTSHIFT_MANIFEST ${manifest}\u001b[0m\r\n`,
  'NIGHTSHIFT_MANIFEST without any\n',
  'over',
].join('');

function found(...parts: string[]): string | undefined {
  const scan = new ManifestScan();
  for (const part of parts) scan.add(part);
  return scan.end();
}

test('the last manifest of a log is found wherever the log is cut', () => {
  for (let at = 0; at <= log.length; at += 1)
    expect(found(log.slice(0, at), log.slice(at)), `cut at ${at}`).toBe(manifest);
  expect(found(...Array.from(log))).toBe(manifest);
});

test('a manifest that ends the log needs no line break', () => {
  expect(found(`a\nNIGHTSHIFT_MANIFEST ${manifest}`)).toBe(manifest);
});

test('a line beyond all measure is passed over, and what comes after it is read', () => {
  const endless = Array.from({ length: 50 }, () => 'x'.repeat(100_000));
  expect(found(...endless, `NIGHTSHIFT_MANIFEST ${manifest}\n`)).toBeUndefined();
  expect(found(...endless, `\nNIGHTSHIFT_MANIFEST ${manifest}\n`)).toBe(manifest);
});

test('a log without one has none', () => {
  expect(found('')).toBeUndefined();
  expect(found('echo "NIGHTSHIFT_MANIFEST $(jq -c . manifest.json)"\n')).toBeUndefined();
});
