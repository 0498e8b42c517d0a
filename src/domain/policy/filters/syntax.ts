import { z } from 'zod';
import { jsonSchema } from '../json.js';

/** Custodian's operators; those of a line mean the same. */
export const operators = [
  ...['eq', 'equal'],
  ...['ne', 'not-equal'],
  ...['gt', 'greater-than'],
  ...['ge', 'gte'],
  ...['lt', 'less-than'],
  ...['le', 'lte'],
  'in',
  ...['ni', 'not-in'],
  'contains',
  'glob',
  'regex',
  'regex-case',
  'intersect',
  'difference',
  'mod',
] as const;
export const operatorSchema = z.enum(operators);
export type Operator = z.infer<typeof operatorSchema>;

/** How a value filter turns the two values before it compares them; `resource_count` is a filter of its own. */
export const valueTypes = [
  'age',
  'date',
  'expiration',
  'expr',
  'float',
  'integer',
  'normalize',
  'size',
  'swap',
  'unique_size',
] as const;
export const valueTypeSchema = z.enum(valueTypes);
export type ValueType = z.infer<typeof valueTypeSchema>;

const valueFilterSchema = z.strictObject({
  kind: z.literal('value'),
  /** A field, `tag:NAME`, or JMESPath. */
  key: z.string(),
  /** What the resource's value is held against. */
  value: jsonSchema,
  op: operatorSchema.optional(),
  valueType: valueTypeSchema.optional(),
  valueRegex: z.string().optional(),
  /** JMESPath over the resource that takes the place of `value`. */
  valuePath: z.string().optional(),
});
export type ValueFilter = z.infer<typeof valueFilterSchema>;

const resourceCountSchema = z.strictObject({
  kind: z.literal('resource-count'),
  op: operatorSchema,
  value: z.union([z.number().int(), z.array(jsonSchema)]),
});
export type ResourceCountFilter = z.infer<typeof resourceCountSchema>;

const ageFilterSchema = z.strictObject({
  kind: z.literal('age'),
  op: operatorSchema,
  days: z.number(),
});
export type AgeFilter = z.infer<typeof ageFilterSchema>;

const latestFilterSchema = z.strictObject({
  kind: z.literal('latest'),
  /** Look at automated snapshots too. */
  automatic: z.boolean(),
});
export type LatestFilter = z.infer<typeof latestFilterSchema>;

const markedForOpSchema = z.strictObject({
  kind: z.literal('marked-for-op'),
  tag: z.string(),
  op: z.string(),
  skewDays: z.number().nonnegative(),
  skewHours: z.number().nonnegative(),
});
export type MarkedForOpFilter = z.infer<typeof markedForOpSchema>;

/** A filter as it travels: JSON, with nothing left to look up. */
export type Filter =
  | { kind: 'and' | 'or' | 'not'; filters: Filter[] }
  | ValueFilter
  | ResourceCountFilter
  | AgeFilter
  | LatestFilter
  | MarkedForOpFilter;

export const filterSchema: z.ZodType<Filter> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['and', 'or', 'not']),
    filters: z.array(z.lazy(() => filterSchema)).min(1),
  }),
  valueFilterSchema,
  resourceCountSchema,
  ageFilterSchema,
  latestFilterSchema,
  markedForOpSchema,
]);
