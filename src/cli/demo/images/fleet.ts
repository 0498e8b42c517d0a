import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';
import { type BaseOs, baseOses, earlier, failures, mirror, product, versions } from './cast.js';

export const accountName = 'dev-1';
export const region = 'ap-southeast-2';
/** Where images are copied to. */
export const copyRegion = 'us-east-1';
/** Its builds run Packer. */
export const project = 'image-build';

/** Sandbox seconds in a second: a build takes some four minutes. */
export const speed = 60;

/** The tags by which the images are known that were there before. */
export const earlierTags = { product: 'Product', version: 'PackageVersion', os: 'BaseOs' };

export interface DemoFleet {
  account: { id: string; name: string };
}

/** Writes a cloud with a mirror, a project that builds images, and some that another tool has built. */
export async function writeFleet(path: string): Promise<DemoFleet> {
  // On a shared server no other demo has this account.
  const account = { id: String(randomInt(1e11, 1e12)), name: accountName };
  const place = { account: account.name, region };
  const fleet: FleetInput = {
    regions: [region, copyRegion],
    accounts: [account],
    mirrors: [{ name: mirror, kind: 'rpm', packages: [{ name: product, versions }] }],
    projects: [
      {
        ...place,
        name: project,
        behaviour: {
          provisioningSeconds: 20,
          phases: { INSTALL: 20, BUILD: 180 },
          fail: baseOses.flatMap(failureOf),
        },
        image: { pendingSeconds: 30 },
      },
    ],
    images: baseOses.flatMap(({ name, image }) => [
      { ...place, ...image, owner: 'amazon' as const },
      {
        ...place,
        name: `${product}-${earlier.tagged}-${name}`,
        ageDays: 40,
        tags: {
          [earlierTags.product]: product,
          [earlierTags.version]: earlier.tagged,
          [earlierTags.os]: name,
        },
      },
    ]),
    ec2: { copySeconds: 120 },
  };
  await writeFile(path, stringify(fleet));
  return { account };
}

function failureOf({ name, fate }: BaseOs) {
  if (fate === 'built') return [];
  return [
    {
      ...{ kind: 'command' as const, ...failures[fate], when: { NIGHTSHIFT_BASE_OS: name } },
      ...(fate === 'fails once' ? { times: 1 } : {}),
    },
  ];
}
