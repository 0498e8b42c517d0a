import { describe, expect, test } from 'vitest';
import { isBuildName, parseBuildName } from '../../../src/domain/builds/name.js';
import { InvalidInputError } from '../../../src/domain/errors.js';

const uuid = '9f2b6a5e-3a1c-4d0e-8f7b-0123456789ab';
const arn = (partition: string, region: string, id = `web:${uuid}`) =>
  `arn:${partition}:codebuild:${region}:123456789012:build/${id}`;

describe('a build is named', () => {
  test.each(['web', 'my_project-2', '0', 'A'.repeat(150)])(
    'by its id, its project being %s',
    (project) => {
      expect(parseBuildName(`${project}:${uuid}`)).toEqual({ buildId: `${project}:${uuid}` });
    },
  );

  test.each([
    ['aws', 'ap-southeast-2'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-iso-b', 'us-isob-east-1'],
    ['aws-eusc', 'eusc-de-east-1'],
  ])('by its ARN in the partition %s', (partition, region) => {
    expect(parseBuildName(arn(partition, region))).toEqual({
      buildId: `web:${uuid}`,
      account: '123456789012',
      region,
    });
  });

  test.each([
    ['the id of a workflow', 'build-web-20261121-230000-3f9a'],
    ['a project', 'web'],
    ['a uuid', uuid],
    ['an id without its end', `web:${uuid.slice(1)}`],
    ['an id with more behind it', `web:${uuid}0`],
    ['an id of two lines', `web:${uuid}\n`],
    ['the ARN of a project', arn('aws', 'us-east-1').replace('build/', 'project/')],
    ['the ARN of a batch', arn('aws', 'us-east-1').replace('build/', 'build-batch/')],
    ['the ARN of another service', arn('aws', 'us-east-1').replace('codebuild', 'codecommit')],
    ['an ARN without its account', arn('aws', 'us-east-1').replace('123456789012', '')],
    ['nothing', ''],
  ])('not by %s', (_, name) => {
    expect(isBuildName(name)).toBe(false);
    expect(() => parseBuildName(name)).toThrow(InvalidInputError);
  });

  test('is told apart from a workflow by id and ARN alike', () => {
    expect([`web:${uuid}`, arn('aws-cn', 'cn-north-1')].map(isBuildName)).toEqual([true, true]);
  });

  test('and what is wrong is said with the value, where it stood, and what is allowed', () => {
    const refused = () => parseBuildName('web', '--build');
    expect(refused).toThrow(
      '--build: "web" is not a build: must be its id (project:uuid), its ARN, or the id of its workflow',
    );
  });
});
