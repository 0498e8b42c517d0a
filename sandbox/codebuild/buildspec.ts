import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { CommandPhase, OnFailure, PhaseOutcome } from './phases.js';
import type { Variable } from './variables.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const named = z.record(z.string().min(1), scalar).nullish();

const phaseSchema = z
  .object({
    'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
    commands: z.array(scalar).nullish(),
    finally: z.array(scalar).nullish(),
  })
  .nullish();

/** What the sandbox reads of a buildspec (guide, "Build specification reference"); the rest is ignored. */
const buildspecSchema = z.object({
  version: z.literal([0.2, '0.2'], { error: 'version must be 0.2' }),
  env: z
    .object({
      shell: z.enum(['sh', 'bash', '/bin/sh', '/bin/bash']).optional(),
      variables: named,
      'parameter-store': named,
      'secrets-manager': named,
    })
    .nullish(),
  phases: z.object({
    install: phaseSchema,
    pre_build: phaseSchema,
    build: phaseSchema,
    post_build: phaseSchema,
  }),
});

export interface BuildspecPhase {
  commands: string[];
  /** Run whether or not those failed. */
  finally: string[];
  onFailure: OnFailure | undefined;
}

export interface Buildspec {
  shell: '/bin/sh' | '/bin/bash';
  variables: Variable[];
  phases: Record<CommandPhase, BuildspecPhase>;
}

/** A buildspec that was read, or what DOWNLOAD_SOURCE fails with. */
export type ReadBuildspec =
  { kind: 'read'; buildspec: Buildspec } | { kind: 'failed'; outcome: PhaseOutcome };

/** Whether a buildspec is written out; else it is a path, or the ARN of an S3 object. */
export function isInline(buildspec: string): boolean {
  return /\n|:\s|\{/.test(buildspec);
}

export function readBuildspec(text: string): ReadBuildspec {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return unreadable(error.message);
  const parsed = buildspecSchema.safeParse(document.toJS());
  if (!parsed.success) return unreadable(z.prettifyError(parsed.error));
  const { env, phases } = parsed.data;
  return {
    kind: 'read',
    buildspec: {
      shell: env?.shell?.endsWith('bash') ? '/bin/bash' : '/bin/sh',
      variables: [
        ...variablesOf(env?.variables, 'PLAINTEXT'),
        ...variablesOf(env?.['parameter-store'], 'PARAMETER_STORE'),
        ...variablesOf(env?.['secrets-manager'], 'SECRETS_MANAGER'),
      ],
      phases: {
        INSTALL: phaseOf(phases.install),
        PRE_BUILD: phaseOf(phases.pre_build),
        BUILD: phaseOf(phases.build),
        POST_BUILD: phaseOf(phases.post_build),
      },
    },
  };
}

export function unreadable(message: string): { kind: 'failed'; outcome: PhaseOutcome } {
  return {
    kind: 'failed',
    outcome: { status: 'FAILED', context: { statusCode: 'YAML_FILE_ERROR', message } },
  };
}

function variablesOf(
  values: Record<string, string> | null | undefined,
  type: Variable['type'],
): Variable[] {
  return Object.entries(values ?? {}).map(([name, value]) => ({ name, value, type }));
}

function phaseOf(phase: z.infer<typeof phaseSchema>): BuildspecPhase {
  return {
    commands: phase?.commands ?? [],
    finally: phase?.finally ?? [],
    onFailure: phase?.['on-failure'],
  };
}
