import type { JsonObject } from '../../domain/policy/index.js';

/** An answer of the SDK as JSON: what Cloud Custodian's filters look at, dates as ISO 8601. */
export function toJson(value: object): JsonObject {
  // Through JSON and back: dates become text, functions and undefined go. $metadata is not AWS's answer.
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
