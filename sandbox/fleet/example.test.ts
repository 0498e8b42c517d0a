import { afterEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import { startSandbox, type Sandbox } from '../index.js';
import { criticalPathSeconds } from './critical-path.js';
import { loadFleet } from './load.js';
import { placedStacks } from './placed.js';

const file = 'examples/fleet.yaml';
let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

test('the example fleet has about 180 stacks in four accounts and three regions', () => {
  const stacks = placedStacks(loadFleet(file));
  expect(stacks.length).toBeGreaterThan(165);
  expect(stacks.length).toBeLessThan(195);
  const targets = new Set(stacks.map((stack) => `${stack.account}/${stack.region}`));
  expect(targets.size).toBe(12);
});

test('the example fleet can be cleaned within a third of a minute at speed 60', () => {
  const seconds = criticalPathSeconds(placedStacks(loadFleet(file)));
  expect(seconds).toBeGreaterThan(600);
  expect(seconds).toBeLessThan(1000);
});

test('the example fleet has each case that the demo shows', async () => {
  sandbox = await startSandbox({ fleet: file, speed: 60 });
  const stacks = [...sandbox.services.cloudFormation.stacks.all()];
  const isEphemeral = (name: string) =>
    stacks.some((stack) => stack.name === name && stack.tags['ephemeral'] === 'true');
  expect(isEphemeral('payments-db')).toBe(true);
  expect(isEphemeral('payments-reporting')).toBe(false);
  expect(stacks.filter((stack) => stack.protected).map((stack) => stack.name)).toEqual([
    'release-candidate',
  ]);
  expect(stacks.filter((stack) => stack.parent).map((stack) => stack.parent?.name)).toEqual([
    'checkout',
    'checkout',
  ]);
  expect(stacks.filter((stack) => stack.name.startsWith('StackSet-'))).toHaveLength(1);
  expect(sandbox.services.s3.contents('nightshift-example-uploads')?.versions).toBe(2600);
});

test('a fleet has the same StackIds each time it is started', async () => {
  const idsOf = async () => {
    const started = await startSandbox({ fleet: file });
    await started.close();
    return [...started.services.cloudFormation.stacks.all()].map((stack) => stack.id);
  };
  expect(await idsOf()).toEqual(await idsOf());
});

test('the example fleet has a mirror, and builds that make images of its packages', async () => {
  sandbox = await startSandbox({ fleet: file, speed: 60 });
  const admin = new SandboxAdmin(sandbox.url);
  const mirrors = await admin.mirrors();
  expect(mirrors.map(({ path, packages }) => [path, packages.length])).toEqual([
    ['/mirror/el9/', 12],
    ['/mirror/el9-files/', 12],
  ]);
  const project = sandbox.services.codebuild.builds.project(
    '111111111111',
    'ap-southeast-2',
    'image-build',
  );
  expect(project?.spec.image).toMatchObject({ output: 'log', tagged: true });
  expect(await admin.images()).toMatchObject([{ id: 'ami-0123456789abcdef0' }]);
});
