/** What plays in the demo, and what is to become of each: by this the cloud is made, and the end is checked. */

/** The package. */
export const product = 'gitlab-runner';
/** The mirror that it is on. */
export const mirror = 'el9';
/** On the mirror from the start, and what it gains while images are built. */
export const versions = ['16.9.1-1', '16.10.0-1', '16.11.0-1'];
export const laterVersions = ['16.11.1-1', '17.0.0-1'];
/** As other tools tag it: its images are there before Nightshift comes. */
export const earlier = { evr: '16.9.1-1', tagged: '16.9.1' };

/** How the builds for a base OS go. */
export type Fate = 'built' | 'fails once' | 'always fails';

export interface BaseOs {
  name: string;
  /** The image to build on, and what AWS calls it. */
  image: { id: string; name: string };
  fate: Fate;
}

export const baseOses: readonly BaseOs[] = [
  {
    name: 'al2023',
    image: {
      id: 'ami-0a1b2c3d4e5f60718',
      name: 'al2023-ami-2023.6.20260101.0-kernel-6.1-x86_64',
    },
    fate: 'built',
  },
  {
    name: 'rocky9',
    image: { id: 'ami-0b2c3d4e5f6071829', name: 'Rocky-9-EC2-Base-9.5-20251118.0.x86_64' },
    fate: 'fails once',
  },
  {
    name: 'debian11',
    image: { id: 'ami-0c3d4e5f60718293a', name: 'debian-11-amd64-20251112-1234' },
    fate: 'always fails',
  },
];

/** What the builds of a fate say when they fail. */
export const failures: Record<Exclude<Fate, 'built'>, { exitStatus: number; message: string }> = {
  'fails once': { exitStatus: 1, message: 'Timeout waiting for SSH.' },
  'always fails': {
    exitStatus: 2,
    message: 'apt-get: the repository “bullseye-updates Release” is gone.',
  },
};

/** Tries before an image is held. */
export const mostAttempts = 2;
/** Images that the first check builds without approval. */
export const firstRunLimit = 3;
