import { ApplicationFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import { parseInput } from '../domain/config/index.js';
import { InvalidInputError } from '../domain/errors.js';

/** Parses a workflow's input; a wrong one fails the workflow at once, naming the field. */
export function parseWorkflowInput<T extends z.ZodType>(
  schema: T,
  input: unknown,
  workflow: string,
): z.output<T> {
  try {
    return parseInput(schema, input, workflow);
  } catch (error) {
    throw invalidInput(error);
  }
}

/** Makes of an error in an input the failure that callers see, and lets others pass. */
export function invalidInput(error: unknown): unknown {
  if (!(error instanceof InvalidInputError)) return error;
  return ApplicationFailure.nonRetryable(error.message, 'InvalidInput', { issues: error.issues });
}
