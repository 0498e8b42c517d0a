/** How a build or job is to end. */
export type Ending =
  { kind: 'passed' } | { kind: 'failed'; exitStatus: number } | { kind: 'cancelled' };

interface Work {
  name: string;
  ending: Ending;
  /** Bytes of log that it writes at least. */
  logBytes?: number;
}

/** A build that the client starts, with a buildspec of its own. */
export interface BuildWork extends Work {
  phases: Partial<Record<'install' | 'pre_build' | 'build' | 'post_build', string[]>>;
}

/** How a job comes to Nightshift. */
export type Intake = 'agent' | 'stacks';

/** Key of the queue of each intake. A queue has one owner on a server, so that no other demo has these. */
export type Queues = Record<Intake, string>;

/** A job that waits in Buildkite. */
export interface JobWork extends Work {
  intake: Intake;
  command: string;
}

const passed: Ending = { kind: 'passed' };

export const buildWork: readonly BuildWork[] = [
  {
    name: 'compile-api',
    ending: passed,
    phases: {
      install: ['printf "Restoring the cache: %s packages\\n" 214'],
      pre_build: [
        'mkdir -p src out && for m in auth billing catalog checkout email orders search users; do echo "module $m" >src/$m.c; done',
      ],
      build: [
        `n=0; for file in src/*.c; do n=$((n + 1)); object=out/$(basename $file .c).o; cksum $file >$object; printf '\\033[36m[%d/8]\\033[0m \\033[32mCC\\033[0m  %-18s %s\\n' $n $file "$(cut -c1-10 $object)"; sleep 0.4; done`,
        `cat out/*.o >out/api; printf '\\033[36m[8/8]\\033[0m \\033[1;35mLD\\033[0m  out/api, %d bytes\\n' $(wc -c <out/api)`,
      ],
      post_build: ['tar -cf api.tar out && cksum api.tar'],
    },
  },
  {
    name: 'unit-tests',
    ending: passed,
    phases: {
      build: [
        `for n in $(seq 1 30); do test $((n * n)) -ge $n && printf '\\033[32m✓\\033[0m squares are no less than %d\\n' $n; sleep 0.2; done`,
      ],
    },
  },
  {
    name: 'lint',
    ending: passed,
    phases: {
      build: [
        `for file in auth billing catalog; do printf '\\033[33mwarning\\033[0m src/%s.c:1: no copyright line\\n' $file; sleep 0.5; done; echo '0 errors, 3 warnings'`,
      ],
    },
  },
  {
    name: 'docs-site',
    ending: passed,
    phases: {
      // A line that grows, dot by dot.
      build: [
        `printf 'Rendering '; for n in $(seq 1 40); do printf .; sleep 0.1; done; echo ' 40 pages'`,
        `awk 'BEGIN { for (n = 1; n <= 400; n++) printf "page %03d  /docs/kapitel-%d/größe.html\\n", n, n % 12 }'`,
      ],
    },
  },
];

/** Looks at things for a while, and says a line about each. */
const lines = (count: number, pause: string, line: string) =>
  `n=0; while [ $n -lt ${count} ]; do n=$((n + 1)); ${line}; sleep ${pause}; done`;

/** More than 20 MB in 220,000 lines, as a test says it that says too much. */
const muchLog = lines(
  22,
  '0.6',
  `awk -v round=$n 'BEGIN { for (n = 1; n <= 10000; n++) printf "\\033[2m%02d.%05d\\033[0m \\033[32m200\\033[0m GET /catalog/items/%06d in %3d µs, %4d bytes from eu-west-1\\n", round, n, round * n, n % 997, n % 4096 }'`,
);

export const jobWork: readonly JobWork[] = [
  {
    name: 'load-test',
    intake: 'stacks',
    ending: passed,
    logBytes: 20_000_000,
    command: muchLog,
  },
  {
    // Until somebody cancels it.
    name: 'deploy-preview',
    intake: 'agent',
    ending: { kind: 'cancelled' },
    command: lines(2_000, '0.3', `printf 'not healthy yet: look %d at the preview\\n' $n`),
  },
  {
    name: 'e2e-tests',
    intake: 'agent',
    ending: { kind: 'failed', exitStatus: 3 },
    command: `${lines(12, '0.3', `printf '\\033[32m✓\\033[0m page %d opens\\n' $n`)}
printf '\\033[31m✗ checkout: expected 200, got 500\\033[0m\\n' >&2
exit 3`,
  },
  {
    name: 'bundle-web',
    intake: 'agent',
    ending: passed,
    command: `${lines(20, '0.2', 'head -c 3000 /dev/zero >chunk-$n.js; wc -c chunk-$n.js')}
cat chunk-*.js | gzip -c | wc -c`,
  },
  {
    name: 'shard-1-of-2',
    intake: 'agent',
    ending: passed,
    command: lines(25, '0.2', `printf '\\033[32mok\\033[0m %d - spec %d\\n' $n $((n * 2 - 1))`),
  },
  {
    name: 'shard-2-of-2',
    intake: 'agent',
    ending: passed,
    command: lines(25, '0.2', `printf '\\033[32mok\\033[0m %d - spec %d\\n' $n $((n * 2))`),
  },
  {
    name: 'image-scan',
    intake: 'stacks',
    ending: passed,
    command: lines(15, '0.3', `printf 'layer %2d: \\033[33m%d low\\033[0m\\n' $n $((n % 4))`),
  },
  {
    name: 'smoke-test',
    intake: 'stacks',
    ending: passed,
    command: `printf 'agent %s, job %s\\n' "$BUILDKITE_AGENT_NAME" "$BUILDKITE_JOB_ID"
${lines(10, '0.3', `printf '\\033[32m✓\\033[0m GET /health %d\\n' $n`)}`,
  },
];
