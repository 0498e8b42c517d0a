import { z } from 'zod';
import { bodyOf, ownJobByEither, type BuildkiteCall, type BuildkiteReply } from '../call.js';
import { notFound, unprocessable } from '../refusal.js';

const keySchema = z.object({ key: z.string().min(1, 'is required') });

/** POST jobs/:id/data/set: meta-data of its build. */
export function setData(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobByEither(call);
  const { key, value } = bodyOf(
    call,
    keySchema.extend({ value: z.string().min(1, 'is required') }),
  );
  job.data.set(key, value);
  return { json: {}, effective: true };
}

/** POST jobs/:id/data/get. */
export function getData(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobByEither(call);
  const { key } = bodyOf(call, keySchema);
  const value = job.data.get(key);
  if (value === undefined) throw notFound(`No key "${key}" found`);
  return { json: { key, value } };
}

/** POST jobs/:id/data/exists. */
export function hasData(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobByEither(call);
  const { key } = bodyOf(call, keySchema);
  return { json: { exists: job.data.has(key) } };
}

const annotationSchema = z.object({
  body: z.string().default(''),
  context: z.string().default('default'),
  style: z.enum(['', 'success', 'info', 'warning', 'error']).default(''),
  append: z.boolean().default(false),
  priority: z.number().int().min(0).max(10).default(3),
});

const mostAnnotationBytes = 1_048_576;

/** POST jobs/:id/annotations: writes the annotation of a context anew, or appends to it. */
export function annotate(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobByEither(call);
  const { append, ...given } = bodyOf(call, annotationSchema);
  const known = job.annotations.get(given.context);
  if (given.body === '' && (!known || !append)) throw unprocessable('body: is required');
  const body = append && known ? known.body + given.body : given.body;
  if (Buffer.byteLength(body) > mostAnnotationBytes)
    throw unprocessable(`body: has at most ${mostAnnotationBytes} bytes`);
  const style = given.style === '' ? (known?.style ?? '') : given.style;
  job.annotations.set(given.context, { ...given, style, body });
  return { json: {}, effective: true };
}

/** DELETE jobs/:id/annotations/:context. */
export function removeAnnotation(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobByEither(call);
  const context = call.params['context'] ?? '';
  if (!job.annotations.delete(context)) throw notFound(`No annotation "${context}"`);
  return { json: {}, effective: true };
}
