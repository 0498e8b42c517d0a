import type { z } from 'zod';
import type { JsonAction, JsonCall, JsonResult } from '../../core/aws-json.js';
import type { BuildStore } from '../build-store.js';
import { invalidInput, notFound } from '../errors.js';
import type { Lifecycle } from '../lifecycle.js';
import type { Project } from '../project.js';
import type { CodeBuildSettings } from '../settings.js';
import type { Starter } from '../starter.js';
import type { Tokens } from '../tokens.js';

/** What the actions work on. */
export interface Parts {
  store: BuildStore;
  lifecycle: Lifecycle;
  starter: Starter;
  tokens: Tokens;
  settings: CodeBuildSettings;
}

/** An action whose input has a shape. CodeBuild refuses any other with InvalidInputException. */
export function action<T>(
  schema: z.ZodType<T>,
  run: (input: T, call: JsonCall) => JsonResult,
): JsonAction {
  return (call) => {
    const parsed = schema.safeParse(call.input);
    if (!parsed.success) throw invalidInput(inWords(parsed.error));
    return run(parsed.data, call);
  };
}

export function findProject({ store }: Parts, call: JsonCall, name: string): Project {
  const { accountId, region } = call;
  const project = store.project(accountId, region, name);
  if (project) return project;
  const arn = `arn:aws:codebuild:${region}:${accountId}:project/${name}`;
  throw notFound(`Project cannot be found: ${arn}`);
}

/** The account's own key, or role and session as CodeBuild writes them. */
export function initiatorOf({ request }: JsonCall): string {
  const [, session] = /:assumed-role\/(.+)$/.exec(request.principalArn ?? '') ?? [];
  return session ?? 'root';
}

function inWords(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `Invalid value at '${path.join('.')}': ${message}`)
    .join('; ');
}
