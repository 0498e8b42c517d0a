import { expect, test } from 'vitest';
import { jobInputSchema, queueInputSchema } from '../../../src/domain/buildkite/input.js';
import { sealedFor, tokenParameter } from '../../../src/domain/buildkite/spec.js';
import { parseInput } from '../../../src/domain/config/index.js';

const jobId = '0190046e-e199-453b-a302-a21a4d649d31';

test('a job is named by its UUID, as Buildkite writes it', () => {
  expect(parseInput(jobInputSchema, { jobId }, 'buildkiteJob')).toEqual({ jobId });
});

test.each([undefined, '', 'nonsense', jobId.toUpperCase(), `${jobId}0`, jobId.replaceAll('-', '')])(
  'a job can’t be named %j',
  (wrong) => {
    expect(() => parseInput(jobInputSchema, { jobId: wrong }, 'buildkiteJob')).toThrow(
      /jobId.*the UUID of a Buildkite job, such as /s,
    );
  },
);

test('what an input has too much is named', () => {
  expect(() => parseInput(jobInputSchema, { jobId, job: 1 }, 'buildkiteJob')).toThrow(/job/);
  expect(() => parseInput(queueInputSchema, { queue: 'q', ques: 1 }, 'buildkiteQueue')).toThrow(
    /ques/,
  );
  expect(() => parseInput(queueInputSchema, {}, 'buildkiteQueue')).toThrow(/queue/);
});

test('what is sealed for one job, or for one purpose, opens for no other', () => {
  const contexts = [
    sealedFor.env(jobId),
    sealedFor.session(jobId),
    sealedFor.env('other'),
    sealedFor.session('other'),
    sealedFor.agent(jobId),
  ];
  expect(new Set(contexts).size).toBe(contexts.length);
  expect(tokenParameter(jobId)).toBe(`/nightshift/buildkite/jobs/${jobId}`);
});
