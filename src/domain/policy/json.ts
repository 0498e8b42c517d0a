import { z } from 'zod';

/** What JSON can hold. Resources and the values of policies are this, so both can travel anywhere. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type JsonObject = Record<string, Json>;

export const jsonSchema: z.ZodType<Json> = z.json();

export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
