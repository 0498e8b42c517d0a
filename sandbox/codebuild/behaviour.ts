import { z } from 'zod';
import { invalidInput } from './errors.js';
import { commandPhases, containerPhases } from './phases.js';

/** Bytes of a message that CloudWatch Logs takes at most: 256 KB, less the 26 bytes that each event counts for. */
export const maxMessageBytes = 262_118;

const seconds = z.number().min(0);

const failSchema = z
  .strictObject({
    kind: z.enum(['command', 'fault', 'provisioning', 'queueTimeout', 'timeout', 'clientError']),
    /** Where it fails: BUILD unless given, for `clientError` PROVISIONING. */
    phase: z.enum(['QUEUED', 'PROVISIONING', ...containerPhases]).optional(),
    /** Of the command; 1 unless given. */
    exitStatus: z.number().int().min(1).max(255).optional(),
    /** In place of CodeBuild's own words. */
    message: z.string().optional(),
    /** How many builds of the project fail so; all of them unless given. */
    times: z.number().int().min(1).optional(),
    /** `times` is counted for each value of this variable. */
    per: z.string().min(1).optional(),
    /** Only builds whose variables have these values: one, or any of several. */
    when: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).default({}),
    /** Where builds make images: it fails only after the image is there, and tells of none. */
    afterImage: z.boolean().default(false),
  })
  .check(({ value, issues }) => {
    const { kind, phase, afterImage } = value;
    const issue = (path: string, message: string) =>
      issues.push({ code: 'custom', message, path: [path], input: value });
    if (phase !== undefined && !fits(kind, phase))
      issue('phase', `a build does not fail by ${kind} in ${phase}`);
    if (afterImage && (phaseOf(kind, phase) !== 'BUILD' || !fits(kind, 'BUILD')))
      issue('afterImage', 'an image is made in BUILD: what fails elsewhere has it made or not');
  });
export type FailSpec = z.infer<typeof failSchema>;
type FailInput = z.input<typeof failSchema>;

/** One way to fail, or several: of those that fit a build, the first that has failures left. */
const failuresSchema = z
  .custom<FailInput | FailInput[]>()
  .transform((given) => [given].flat())
  .pipe(z.array(failSchema));

/** Where it fails that doesn't say so. */
export function phaseOf(kind: FailSpec['kind'], phase?: FailSpec['phase']) {
  switch (kind) {
    case 'queueTimeout':
      return 'QUEUED';
    case 'provisioning':
      return 'PROVISIONING';
    case 'clientError':
      return phase ?? 'PROVISIONING';
    default:
      return phase ?? 'BUILD';
  }
}

function fits(kind: string, phase: string): boolean {
  switch (kind) {
    case 'command':
      return commandPhases.some((command) => command === phase);
    case 'provisioning':
      return phase === 'PROVISIONING';
    case 'queueTimeout':
      return phase === 'QUEUED';
    case 'timeout':
      return phase !== 'QUEUED' && phase !== 'PROVISIONING';
    default:
      return true;
  }
}

const logSchema = z.strictObject({
  /** Lines that the BUILD phase writes, evenly over its time; 10 unless anything else says how many. */
  lines: z.number().int().min(0).optional(),
  /** Bytes that it writes, in place of `lines`; the last line has what is left of them. */
  bytes: z.number().int().min(2).optional(),
  /** Bytes of a line with its line break; 80 unless given. */
  lineBytes: z
    .number()
    .int()
    .min(2)
    .max(maxMessageBytes - 1)
    .optional(),
  /** A line every so many seconds for as long as BUILD lasts, up to `lines` or `bytes`. */
  everySeconds: z.number().positive().optional(),
  /** Seconds from when a line is written until it can be read; `codebuild.lateLogSeconds` unless given. */
  lateSeconds: seconds.optional(),
  /** Each line comes as two events, of which the first has no line break. */
  partialLines: z.boolean().optional(),
});
export type LogSpec = z.infer<typeof logSchema>;

/** How a build goes. Seconds are sandbox time. */
export const behaviourSchema = z.strictObject({
  /** In QUEUED, when there is room; 1 unless given. */
  queueSeconds: seconds.optional(),
  /** 2 unless given. */
  provisioningSeconds: seconds.optional(),
  /** What each phase in the container takes; a phase whose commands really run takes what they take. */
  phases: z.partialRecord(z.enum(containerPhases), seconds).optional(),
  log: logSchema.optional(),
  fail: failuresSchema.optional(),
});
export type BehaviourInput = z.input<typeof behaviourSchema>;
type BehaviourSpec = z.infer<typeof behaviourSchema>;

/** The variable of a build that says how it is to behave: JSON, over what its project says. */
export const behaviourVariable = 'SANDBOX_BUILD';

export interface Behaviour {
  queueSeconds: number;
  provisioningSeconds: number;
  phases: Record<(typeof containerPhases)[number], number>;
  log: LogSpec;
  fail?: FailSpec;
}

/** The same, of which it isn't decided yet how a build fails. */
export interface BehaviourRules extends Omit<Behaviour, 'fail'> {
  fail: readonly FailSpec[];
}

const defaults: BehaviourRules = {
  queueSeconds: 1,
  provisioningSeconds: 2,
  phases: {
    DOWNLOAD_SOURCE: 1,
    INSTALL: 1,
    PRE_BUILD: 1,
    BUILD: 5,
    POST_BUILD: 1,
    UPLOAD_ARTIFACTS: 0,
    FINALIZING: 1,
  },
  log: {},
  fail: [],
};

/** What the project says, and over that what the build's own variable says. */
export function behaviourOf(project: BehaviourSpec | undefined, variable?: string): BehaviourRules {
  const specs = [project ?? {}, variable === undefined ? {} : parseVariable(variable)];
  return specs.reduce<BehaviourRules>(
    (behaviour, { phases, log, ...spec }) => ({
      ...behaviour,
      ...spec,
      phases: { ...behaviour.phases, ...phases },
      log: { ...behaviour.log, ...log },
    }),
    defaults,
  );
}

function parseVariable(text: string): BehaviourSpec {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidInput(`${behaviourVariable} is no JSON: ${text}`);
  }
  const parsed = behaviourSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalidInput(`${behaviourVariable}: ${z.prettifyError(parsed.error)}`);
}
