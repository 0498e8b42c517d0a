import { z } from 'zod';

const seconds = z.number().min(0);

const imageSchema = z.strictObject({
  /** Id or name of the account that owns it. */
  account: z.string().min(1),
  region: z.string().min(1),
  name: z.string().min(1).optional(),
  tags: z.record(z.string(), z.string()).default({}),
});

/** A job as it will run. In its texts, `$NAME` and `${NAME}` stand for the pipeline's variables. */
export const gitlabJobSchema = z.strictObject({
  name: z.string().min(1),
  stage: z.string().min(1).default('test'),
  /** Sandbox seconds that it runs. */
  seconds: seconds.default(10),
  /** Lines of its log, spread over the time that it runs. */
  logLines: z.number().int().min(0).default(5),
  /** Further lines, after those. */
  log: z.array(z.string()).default([]),
  /** It fails: the first `times` runs, or always. With `per`, counted for each value of that variable. */
  fail: z
    .strictObject({
      times: z.number().int().min(1).optional(),
      per: z.string().optional(),
      reason: z.string().default('script_failure'),
    })
    .optional(),
  allowFailure: z.boolean().default(false),
  /** It waits to be played. Unless `allowFailure`, it blocks its pipeline. */
  manual: z.boolean().default(false),
  /** Files by path, there once it has succeeded. */
  artifacts: z.record(z.string(), z.string()).default({}),
  /** Image that it makes when it succeeds, as Packer would: in EC2, a manifest as artifact and as line of log. */
  image: imageSchema.optional(),
});
export type GitlabJobSpec = z.infer<typeof gitlabJobSchema>;

export interface BehaviourSpec {
  /** Variables, with the values that a pipeline must have for this one to be its behaviour. */
  when: Record<string, string>;
  /** Sandbox seconds that it is pending before its first job runs. */
  seconds: number;
  jobs: GitlabJobSpec[];
  children: ChildSpec[];
}

export interface ChildSpec {
  /** Of the bridge job that starts it. */
  name: string;
  stage: string;
  /** The bridge takes the child's status (`strategy: depend`); else it succeeds once the child is there. */
  depend: boolean;
  allowFailure: boolean;
  pipeline: BehaviourSpec;
}

export interface BehaviourInput {
  when?: Record<string, string>;
  seconds?: number;
  jobs?: z.input<typeof gitlabJobSchema>[];
  children?: {
    name: string;
    stage?: string;
    depend?: boolean;
    allowFailure?: boolean;
    pipeline: BehaviourInput;
  }[];
}

/** How a pipeline goes: stages in the order in which they are named, jobs of a stage together. */
export const behaviourSchema: z.ZodType<BehaviourSpec, BehaviourInput> = z.lazy(() =>
  z.strictObject({
    when: z.record(z.string(), z.string()).default({}),
    seconds: seconds.default(1),
    jobs: z.array(gitlabJobSchema).default([]),
    children: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          stage: z.string().min(1).default('test'),
          depend: z.boolean().default(true),
          allowFailure: z.boolean().default(false),
          pipeline: behaviourSchema,
        }),
      )
      .default([]),
  }),
);
