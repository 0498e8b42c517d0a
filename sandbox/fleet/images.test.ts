import { expect, test } from 'vitest';
import { parseFleet } from './load.js';

const base = { regions: ['us-east-1'], accounts: [{ id: '111111111111', name: 'dev-1' }] };
const at = { account: 'dev-1', region: 'us-east-1' };
const id = 'ami-0123456789abcdef0';

test.each([
  [
    'an image of an account that is not there',
    { images: [{ ...at, account: 'dev-9', name: 'base' }] },
    'images[0].account: no account "dev-9"',
  ],
  [
    'an image twice',
    {
      images: [
        { ...at, name: 'base', id },
        { ...at, name: 'other', id },
      ],
    },
    `images[1]: image ${id} is there twice`,
  ],
  [
    'an image id that is none',
    { images: [{ ...at, name: 'base', id: 'ami-1' }] },
    'images[0].id: an image id looks like ami-0123456789abcdef0',
  ],
  [
    'a pipeline that distributes to a region that is not enabled',
    { imagePipelines: [{ ...at, name: 'runner', regions: ['eu-west-1'] }] },
    'imagePipelines[0].region: "eu-west-1" is not enabled in dev-1',
  ],
  [
    'a copy failure of a kind that is none',
    { ec2: { copyFailures: [{ kind: 'slow' }] } },
    'ec2.copyFailures[0].kind',
  ],
  [
    'a project whose manifest has nowhere to go',
    { projects: [{ ...at, name: 'packer', image: { output: 'both' } }] },
    'projects[0].image.output: both needs artifacts: { bucket }',
  ],
  [
    'a project that copies its images to a region that is not enabled',
    { projects: [{ ...at, name: 'packer', image: { regions: ['eu-west-1'] } }] },
    'projects[0].region: "eu-west-1" is not enabled in dev-1',
  ],
  [
    'a project whose commands really run, and that is to make images all the same',
    { projects: [{ ...at, name: 'packer', execute: true, image: {} }] },
    'projects[0].image: builds whose commands really run make what those make',
  ],
  [
    'a failure after the image, where no image is made',
    {
      projects: [
        {
          ...at,
          name: 'packer',
          behaviour: { fail: { kind: 'command', phase: 'INSTALL', afterImage: true } },
        },
      ],
    },
    'projects[0].behaviour.fail[0].afterImage: an image is made in BUILD',
  ],
  [
    'a mirror twice',
    {
      mirrors: [
        { name: 'el9', kind: 'rpm' },
        { name: 'el9', kind: 'html' },
      ],
    },
    'mirrors[1].name: mirror "el9" is there twice',
  ],
  [
    'a version that is none',
    { mirrors: [{ name: 'el9', kind: 'rpm', packages: [{ name: 'a', versions: ['a b'] }] }] },
    'mirrors[0].packages[0].versions[0]: is no version: "a b" must be [epoch:]version',
  ],
  [
    'an RPM without a release',
    { mirrors: [{ name: 'el9', kind: 'rpm', packages: [{ name: 'a', versions: ['1.0'] }] }] },
    'mirrors[0].packages[0].versions: "1.0" needs a release',
  ],
  [
    'a sync of a page that has no checksums',
    { mirrors: [{ name: 'el9', kind: 'html', state: { kind: 'midSync' } }] },
    'mirrors[0].state: a page has no checksums',
  ],
])('%s is refused by name', (_, rest, message) => {
  expect(() => parseFleet({ ...base, ...rest })).toThrow(message);
});

test('an image of AWS needs an account that sees it, and a copy failure no more than its kind', () => {
  const images = [{ ...at, name: 'al2023-ami', owner: 'amazon' }];
  const fleet = parseFleet({ ...base, images, ec2: { copyFailures: [{}] } });
  expect(fleet.images).toMatchObject([{ owner: 'amazon', architecture: 'x86_64', ageDays: 7 }]);
  expect(fleet.ec2).toMatchObject({ consistencySeconds: 3, copyFailures: [{ kind: 'failed' }] });
});
