import { describe, expect, test } from 'vitest';
import { manifestInLine, parseManifest } from '../../../src/domain/images/manifest.js';

const build = (artifact: string, run = 'r1') => ({
  name: 'image',
  builder_type: 'amazon-ebs',
  artifact_id: artifact,
  packer_run_uuid: run,
});
const manifest = (builds: unknown, run: unknown = 'r1') =>
  JSON.stringify({ builds, last_run_uuid: run });

describe('Packer’s manifest', () => {
  test('names an image in each region', () => {
    const text = manifest([build('us-east-1:ami-0123456789abcdef0,eu-west-1:ami-12345678')]);
    expect(parseManifest(text)).toEqual({
      'us-east-1': 'ami-0123456789abcdef0',
      'eu-west-1': 'ami-12345678',
    });
  });

  test('counts for its last run only: a file is added to by each', () => {
    const text = manifest([
      build('us-east-1:ami-11111111', 'r0'),
      build('us-east-1:ami-22222222', 'r1'),
      build('eu-west-1:ami-33333333', 'r0'),
    ]);
    expect(parseManifest(text)).toEqual({ 'us-east-1': 'ami-22222222' });
  });

  test('without a run counts as a whole', () => {
    const text = JSON.stringify({ builds: [build('us-gov-west-1:ami-12345678')] });
    expect(parseManifest(text)).toEqual({ 'us-gov-west-1': 'ami-12345678' });
  });

  test('of several sources is one, unless two made an image in one region', () => {
    const east = build('us-east-1:ami-11111111');
    expect(parseManifest(manifest([east, build('eu-west-1:ami-22222222'), east]))).toEqual({
      'us-east-1': 'ami-11111111',
      'eu-west-1': 'ami-22222222',
    });
    expect(() => parseManifest(manifest([east, build('us-east-1:ami-22222222')]))).toThrow(
      'the manifest has two images in us-east-1: ami-11111111 and ami-22222222',
    );
  });

  test.each([
    ['nothing', '', /^the manifest is not JSON: /],
    ['a part of one', manifest([build('us-east-1:ami-11111111')]).slice(0, 40), /not JSON/],
    ['null', 'null', /has no list of builds/],
    ['no builds', '{}', /has no list of builds/],
    ['builds that are none', '{"builds":{}}', /has no list of builds/],
    ['an empty list', manifest([]), /has no image of the last run/],
    ['another run’s', manifest([build('us-east-1:ami-11111111', 'r0')]), /no image of the last/],
    ['no image', manifest([build('a file')]), /no image of the last run/],
    ['a builder of another cloud', manifest([build('projects/p/images/i')]), /no image/],
    ['what is no build', manifest([null, 1, 'x']), /no image/],
  ])('that is %s is refused', (_, text, message) => {
    expect(() => parseManifest(text)).toThrow(RangeError);
    expect(() => parseManifest(text)).toThrow(message);
  });
});

describe('a line of a log', () => {
  test('holds a manifest after its mark, whatever stands around it', () => {
    for (const line of [
      'NIGHTSHIFT_MANIFEST {"builds":[]}',
      '2026-03-01T10:00:00Z 00O NIGHTSHIFT_MANIFEST {"builds":[]}',
      '\u001b[0;32mNIGHTSHIFT_MANIFEST {"builds":[]}\u001b[0m\r\n',
      '+ echo \'NIGHTSHIFT_MANIFEST {"builds":[]}\'',
    ])
      expect(manifestInLine(line), line).toBe('{"builds":[]}');
  });

  test('holds none without its mark, or without a manifest', () => {
    for (const line of [
      '',
      '{"builds":[]}',
      'NIGHTSHIFT_MANIFEST',
      'echo "NIGHTSHIFT_MANIFEST $(cat manifest.json)"',
    ])
      expect(manifestInLine(line), line).toBeUndefined();
  });
});
