import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { z } from 'zod';
import { validationError } from '../core/aws-error.js';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});

const outputSchema = z.object({
  Value: z.unknown(),
  Description: z.string().optional(),
  Export: z.object({ Name: z.unknown() }).optional(),
});

const templateSchema = z.object({
  Description: z.string().optional(),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() }).loose()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), outputSchema).default({}),
});

/** A template as far as the sandbox looks into it, short forms (`!Ref`) written out as functions. */
export type Template = z.infer<typeof templateSchema>;

/** Reads a template, JSON or YAML. */
export function parseTemplate(body: string): Template {
  const document = parseDocument(body, { logLevel: 'error' });
  const [error] = document.errors;
  if (error) throw validationError(`Template format error: ${error.message.split('\n')[0] ?? ''}`);
  const parsed = templateSchema.safeParse(plain(document.contents));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('/') ?? '';
    throw validationError(`Template format error: [/${where}] ${issue?.message ?? ''}`);
  }
  if (Object.keys(parsed.data.Resources).length === 0)
    throw validationError('Template format error: At least one Resources member must be defined.');
  return parsed.data;
}

function plain(node: unknown): unknown {
  const value = untagged(node);
  const tag = node !== null && typeof node === 'object' && 'tag' in node ? node.tag : undefined;
  if (typeof tag !== 'string' || !/^![A-Za-z0-9]+$/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  const isPath = name === 'GetAtt' && typeof value === 'string';
  return { [`Fn::${name}`]: isPath ? value.split('.') : value };
}

function listOf(value: unknown): unknown[] {
  const parsed = z.array(z.unknown()).safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationError(`Template error: ${JSON.stringify(value)} should be a list`);
}

function untagged(node: unknown): unknown {
  if (isMap<Node, Node>(node))
    return Object.fromEntries(
      node.items.map((pair) => [String(untagged(pair.key)), plain(pair.value)]),
    );
  if (isSeq<Node>(node)) return node.items.map((item): unknown => plain(item));
  return isScalar(node) ? node.value : node;
}

/** Every argument of an intrinsic function, wherever it stands in a template. */
export function argumentsOf(value: unknown, functionName: string): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => argumentsOf(item, functionName));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === functionName ? [inner] : argumentsOf(inner, functionName),
  );
}

/** Resolves text, Ref, Fn::Sub and Fn::Join; any other function gives a made-up value. */
export function resolve(value: unknown, names: Readonly<Record<string, string>>): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  if ('Ref' in value) return names[String(value.Ref)] ?? `ref-${String(value.Ref)}`;
  if ('Fn::Sub' in value) return substitute(value['Fn::Sub'], names);
  if ('Fn::Join' in value) {
    const [separator, parts] = listOf(value['Fn::Join']);
    return listOf(parts)
      .map((part) => resolve(part, names))
      .join(String(separator));
  }
  return JSON.stringify(value);
}

function substitute(argument: unknown, names: Readonly<Record<string, string>>): string {
  const [text, own] = Array.isArray(argument) ? listOf(argument) : [argument];
  const known = { ...names };
  if (own !== null && typeof own === 'object')
    for (const [key, value] of Object.entries(own)) known[key] = resolve(value, names);
  return String(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => known[name] ?? `ref-${name}`);
}
