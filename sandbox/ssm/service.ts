import { JsonService, type JsonAction } from '../core/aws-json.js';
import type { Parameters } from './parameters.js';
import { getParameter, getParameters, getParametersByPath } from './read.js';
import { deleteParameter, deleteParameters, putParameter } from './write.js';

/** The sandbox's Parameter Store. */
export function createSsm(now: () => number, parameters: Parameters): JsonService {
  return new JsonService(
    ['ssm'],
    now,
    new Map<string, JsonAction>([
      ['GetParameter', getParameter(parameters)],
      ['GetParameters', getParameters(parameters)],
      ['GetParametersByPath', getParametersByPath(parameters)],
      ['PutParameter', putParameter(parameters)],
      ['DeleteParameter', deleteParameter(parameters)],
      ['DeleteParameters', deleteParameters(parameters)],
    ]),
  );
}
