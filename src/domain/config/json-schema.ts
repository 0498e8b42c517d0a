import { z } from 'zod';
import { configSchema } from './schema.js';

/** The JSON Schema of `nightshift.yaml`, for editors. Draft 7: the one that they all know. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
  return { title: 'nightshift.yaml', ...schema };
}
