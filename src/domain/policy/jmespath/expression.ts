import { z } from 'zod';
import { jsonSchema } from '../json.js';
import type { Json } from '../json.js';

/** The expression is not JMESPath, or calls what isn't there; the message says why. */
export class JmespathProblem extends Error {}

type Two = [Expression, Expression];

/** What the library's parser makes of an expression. */
export type Expression =
  | { type: 'Field'; name: string }
  | { type: 'Literal'; value: Json }
  | { type: 'Identity' | 'Current' }
  | { type: 'Index'; value: number }
  | { type: 'Slice'; children: [number | null, number | null, number | null] }
  | { type: BinaryType; children: Two }
  | { type: 'Comparator'; name: 'EQ' | 'NE' | 'GT' | 'GTE' | 'LT' | 'LTE'; children: Two }
  | { type: 'FilterProjection'; children: [Expression, Expression, Expression] }
  | { type: 'Flatten' | 'NotExpression' | 'ExpressionReference'; children: [Expression] }
  | { type: 'MultiSelectList'; children: Expression[] }
  | { type: 'MultiSelectHash'; children: { name: string; value: Expression }[] }
  | { type: 'Function'; name: string; children: Expression[] };

const binaryTypes = [
  'Subexpression',
  'IndexExpression',
  'Pipe',
  'Projection',
  'ValueProjection',
  'OrExpression',
  'AndExpression',
] as const;
type BinaryType = (typeof binaryTypes)[number];

const any = z.lazy(() => expressionSchema);
const step = z.number().int().nullable();
const two = z.tuple([any, any]);

export const expressionSchema: z.ZodType<Expression> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Field'), name: z.string() }),
  z.object({ type: z.literal('Literal'), value: jsonSchema }),
  z.object({ type: z.enum(['Identity', 'Current']) }),
  z.object({ type: z.literal('Index'), value: z.number().int() }),
  z.object({ type: z.literal('Slice'), children: z.tuple([step, step, step]) }),
  z.object({ type: z.enum(binaryTypes), children: two }),
  z.object({
    type: z.literal('Comparator'),
    name: z.enum(['EQ', 'NE', 'GT', 'GTE', 'LT', 'LTE']),
    children: two,
  }),
  z.object({ type: z.literal('FilterProjection'), children: z.tuple([any, any, any]) }),
  z.object({
    type: z.enum(['Flatten', 'NotExpression', 'ExpressionReference']),
    children: z.tuple([any]),
  }),
  z.object({ type: z.literal('MultiSelectList'), children: z.array(any) }),
  z.object({
    type: z.literal('MultiSelectHash'),
    children: z.array(z.object({ name: z.string(), value: any })),
  }),
  z.object({ type: z.literal('Function'), name: z.string(), children: z.array(any) }),
]);
