import { describe, expect, test } from 'vitest';
import { type Stage, account, home } from '../ec2/support.js';
import { buildersStage, failureOf } from '../builders/support.js';
import { inSsm, parameter, readAs, shown, trackedLine, versions } from './support.js';

const there = ({ sandbox }: Stage) => sandbox.services.ssm.target(account, home);
const namesOf = (stage: Stage) =>
  [...there(stage).keys()].filter((each) => each.startsWith(parameter)).sort();
const effects = async ({ admin }: Stage) =>
  (await admin.ledger({ service: 'ssm' })).filter(({ effective }) => effective).length;

/** Puts a parameter there as a person does. */
function put(
  stage: Stage,
  name: string,
  value: string,
  type: 'String' | 'SecureString' = 'String',
) {
  there(stage).set(name, { name, type, value, version: 1, modifiedAt: 0 });
}

describe('a tracker in an SSM parameter', () => {
  test('is written as a whole after each image, and read back', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm());
    for (const count of [1, 5, 20]) {
      Object.assign(line.record.built, versions(count));
      await line.write();
      expect(shown(await line.read())).toEqual(readAs(line.record.built));
    }
    expect(namesOf(stage)).toEqual([parameter]);
    expect(there(stage).get(parameter)).toMatchObject({ type: 'String', version: 3 });
  });

  test('is not written where the store has it already', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), versions(3));
    await line.write();
    const before = await effects(stage);
    await line.elsewhere().write();
    line.record.built = Object.fromEntries(Object.entries(line.record.built).reverse());
    await line.write();
    expect(await effects(stage)).toBe(before);
  });

  test('stays a SecureString where it was one', async () => {
    const stage = await buildersStage();
    put(stage, parameter, '16.0.0\n', 'SecureString');
    const line = trackedLine(stage, inSsm(), versions(200));
    await line.write();
    for (const name of namesOf(stage)) expect(there(stage).get(name)?.type).toBe('SecureString');
    expect(shown(await line.read())).toEqual(readAs(line.record.built));
  });

  test('is nothing to write for a line that has none', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), versions(1));
    delete line.spec.tracker;
    await line.write();
    expect(await effects(stage)).toBe(0);
  });

  test('may be a version per line, for those who read that', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm('versions'), versions(12));
    delete line.record.built['ubuntu/x86_64/16.3.0-1'];
    await line.write();
    const listed = there(stage).get(parameter)?.value.trim().split('\n');
    expect(listed).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((minor) => `16.${minor}.0`));
  });
});

describe('a tracker that is too large for one parameter', () => {
  /** 200 versions on two base OSes: some 15 KB. */
  const large = versions(200);

  test('is kept in parts, which the parameter names', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), large);
    await line.write();
    const names = namesOf(stage);
    expect(names.length).toBeGreaterThan(3);
    expect(names).toEqual(
      expect.arrayContaining([parameter, `${parameter}.1.1`, `${parameter}.1.2`]),
    );
    for (const name of names)
      expect(there(stage).get(name)?.value.length).toBeLessThanOrEqual(4_096);
    expect(shown(await line.elsewhere().read())).toEqual(readAs(large));
  });

  test('leaves the parts of the last two trackers and no older ones', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), { ...large });
    for (let more = 0; more < 5; more += 1) {
      Object.assign(line.record.built, versions(1, 300 + more));
      await line.write();
    }
    const generations = namesOf(stage).flatMap((name) => /\.(\d+)\.\d+$/.exec(name)?.[1] ?? []);
    expect([...new Set(generations)].sort()).toEqual(['4', '5']);
    expect(shown(await line.read())).toEqual(readAs(line.record.built));
  });

  test('is one parameter again when it gets small, and grows again', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), { ...large });
    await line.write();
    line.record.built = versions(10);
    await line.write();
    expect(namesOf(stage)).toEqual([parameter]);
    line.record.built = { ...large };
    await line.write();
    expect(shown(await line.read())).toEqual(readAs(large));
  });

  test('is mended when a part of it was deleted', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), { ...large });
    await line.write();
    there(stage).delete(`${parameter}.1.2`);
    expect(await failureOf(line.read())).toMatchObject({ nonRetryable: false });
    await line.write();
    expect(shown(await line.read())).toEqual(readAs(large));
  });

  test('passes over parts that a writer which died has left', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), { ...large });
    for (const generation of [1, 2]) put(stage, `${parameter}.${generation}.1`, 'of another');
    await line.write();
    expect(shown(await line.read())).toEqual(readAs(large));
    Object.assign(line.record.built, versions(1, 300));
    await line.write();
    expect(namesOf(stage).filter((name) => /\.[12]\.\d+$/.test(name))).toEqual([]);
  });

  test('of a version per line is refused: who reads it knows no parts', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm('versions'), versions(1_500));
    expect(await failureOf(line.write())).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringMatching(/the tracker has \d+ bytes, more than it can hold/) as string,
    });
    expect(namesOf(stage)).toEqual([]);
  });
});

describe('whoever reads a tracker while it is written', () => {
  test('always finds a whole one, whatever the writer suffers', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm(), versions(150));
    await line.write();
    await stage.admin.setFaults([
      { kind: 'throttle', service: 'ssm', share: 0.1 },
      { kind: 'loseResponse', service: 'ssm', share: 0.1 },
    ]);
    let isOver = false;
    const wanted = new Set([JSON.stringify(readAs(line.record.built))]);
    const reading = (async () => {
      const reader = line.elsewhere();
      let reads = 0;
      for (; !isOver; reads += 1)
        expect(wanted).toContain(JSON.stringify(shown(await reader.read())));
      return reads;
    })();
    // In parts and, for a while, in one.
    for (const count of [151, 152, 20, 153, 154, 155]) {
      const built = versions(count);
      wanted.add(JSON.stringify(readAs(built)));
      line.record.built = built;
      await line.elsewhere().write();
    }
    isOver = true;
    expect(await reading).toBeGreaterThan(0);
    expect(await line.read()).toHaveLength(310);
  });

  test('finds the last whole one after a writer that died at whichever call', async () => {
    for (let calls = 0; ; calls += 1) {
      const stage = await buildersStage({ pace: { retries: 0 } });
      const line = trackedLine(stage, inSsm(), versions(150));
      await line.write();
      const before = readAs(line.record.built);
      line.record.built = versions(160);
      const after = readAs(line.record.built);
      const isDone = await dying(stage, calls, () => line.write());
      expect([before, after], `call ${calls}`).toContainEqual(shown(await line.read()));
      await line.write();
      expect(shown(await line.read()), `call ${calls}`).toEqual(after);
      if (isDone) return expect(calls).toBeGreaterThan(5);
    }
  });
});

/** Does something that AWS answers so many calls of, and then no more; true where that was enough. */
async function dying(stage: Stage, calls: number, work: () => Promise<void>): Promise<boolean> {
  const { faults } = stage.sandbox;
  const strike = faults.strike.bind(faults);
  let left = calls;
  faults.strike = (call) => {
    const struck = strike(call);
    if (call.service === 'ssm' && left-- <= 0) struck.loseBefore = true;
    return struck;
  };
  try {
    await work();
    return true;
  } catch {
    return false;
  } finally {
    faults.strike = strike;
  }
}

describe('a store that fails', () => {
  test('fails the activity in a way that is tried again, and has all of it when it is back', async () => {
    const stage = await buildersStage({ pace: { retries: 2 } });
    const line = trackedLine(stage, inSsm(), versions(3));
    await stage.admin.setFaults([{ kind: 'throttle', service: 'ssm', share: 1 }]);
    expect(await failureOf(line.write())).toMatchObject({
      type: 'AwsUnavailable',
      nonRetryable: false,
    });
    Object.assign(line.record.built, versions(1, 7));
    await stage.admin.clearFaults();
    await line.write();
    expect(shown(await line.read())).toEqual(readAs(line.record.built));
  });

  test('by refusing for good says what it refuses', async () => {
    const stage = await buildersStage();
    await stage.admin.setFaults([
      { kind: 'denyActions', service: 'ssm', actions: ['PutParameter'] },
    ]);
    const line = trackedLine(stage, inSsm(), versions(1));
    expect(await failureOf(line.write())).toMatchObject({ type: 'AwsAccess', nonRetryable: true });
  });
});

describe('what is there and is not this line’s tracker', () => {
  test.each([
    ['a secret', 'hunter2-of-somebody'],
    [
      'another line’s tracker',
      '{"format":"nightshift-images/1","line":"runner","channel":"release","product":"gitlab-runner","images":[]}',
    ],
    [
      'another line’s tracker in parts',
      '{"format":"nightshift-images-parts/1","line":"other","channel":"dev","generation":1,"sha256":"x","parts":["/a.1.1"]}',
    ],
  ])('is never written over, and never shown: %s', async (_, value) => {
    const stage = await buildersStage();
    put(stage, parameter, value);
    const line = trackedLine(stage, inSsm(), versions(1));
    const failure = await failureOf(line.write());
    expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hunter2');
    expect(there(stage).get(parameter)).toMatchObject({ value, version: 1 });
  });

  test('is an error to who reads it, as is none', async () => {
    const stage = await buildersStage();
    const line = trackedLine(stage, inSsm());
    expect(await failureOf(line.read())).toMatchObject({
      type: 'NotFound',
      message: `there is no SSM parameter ${parameter} in ${home}`,
    });
    put(stage, parameter, 'hunter2');
    expect(await failureOf(line.read())).toMatchObject({ type: 'InvalidInput' });
  });

  test('may be the list of the pipeline that it replaces: a version per line', async () => {
    const stage = await buildersStage();
    put(stage, parameter, '16.9.0\n16.10.0\n');
    const line = trackedLine(stage, inSsm(), versions(1));
    expect((await line.read()).map(({ id }) => id)).toEqual([
      'al2023/x86_64/16.9.0',
      'ubuntu/x86_64/16.9.0',
      'al2023/x86_64/16.10.0',
      'ubuntu/x86_64/16.10.0',
    ]);
    await line.write();
    expect(shown(await line.read())).toEqual(readAs(line.record.built));
  });
});
