import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const buildspecSchema = z.object({
  version: z.literal(0.2),
  env: z.object({ variables: z.record(z.string(), z.string()) }).optional(),
  phases: z.record(z.string(), z.object({ commands: z.array(z.string()).min(1) })),
});
export type Buildspec = z.infer<typeof buildspecSchema>;

export function readBuildspec(path: string): Buildspec {
  return buildspecSchema.parse(parse(readFileSync(path, 'utf8')));
}

export const commandsOf = (buildspec: Buildspec) =>
  Object.values(buildspec.phases).flatMap(({ commands }) => commands);

/** What a build container has, as names on the machine's own PATH; a test adds the rest. */
const tools = [
  'sh,awk,bash,cat,chmod,dirname,echo,env,find,grep,gzip,mkdir,mktemp,mv,printenv,printf,rm,sed,seq,sha256sum',
  'sleep,ssh-add,ssh-agent,ssh-keygen,tar,timeout,tr,uname',
]
  .join(',')
  .split(',');

export interface Container {
  folder: string;
  home: string;
  /** CODEBUILD_SRC_DIR. */
  source: string;
  /** Puts a program on the PATH. */
  install(name: string, script: string): void;
  /** Runs the buildspec to its end, with these variables as the build's environment. */
  run(buildspec: Buildspec, env?: Record<string, string>): Promise<Build>;
}

export interface Build {
  /** Status of the command that failed, or 0: what CodeBuild tells as "Reason: exit status …". */
  exitStatus: number | null;
  /** The command that failed. */
  failed: string | undefined;
  output: string;
}

/** A folder that stands for a build container, gone when the test is. */
export function buildContainer(): Container {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [home, source, bin, temporary] = ['home', 'src', 'bin', 'tmp'].map((name) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  }) as [string, string, string, string];
  for (const tool of tools) symlinkSync(onPath(tool), join(bin, tool));

  return {
    folder,
    home,
    source,
    install(name, script) {
      // What is there is a link to the machine's own program: it is replaced, not written through.
      rmSync(join(bin, name), { force: true });
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    run: (buildspec, env = {}) =>
      runCommands(buildspec, folder, {
        PATH: bin,
        HOME: home,
        TMPDIR: temporary,
        CODEBUILD_SRC_DIR: source,
        CODEBUILD_BUILD_ID: 'example:00000000-0000-4000-8000-000000000000',
        CODEBUILD_BUILD_SUCCEEDING: '1',
        AWS_REGION: 'ap-southeast-2',
        ...buildspec.env?.variables,
        ...env,
      }),
  };
}

function onPath(tool: string): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/bin',
    '/bin',
  ];
  const found = folders.map((folder) => join(folder, tool)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`this machine has no ${tool}`);
  return found;
}

/**
 * All commands of a build share one shell (buildspec 0.2), so that what one exports is there for the next; the first
 * that fails decides. Source: "Shells and commands in build environments" in CodeBuild's user guide.
 */
async function runCommands(
  buildspec: Buildspec,
  folder: string,
  env: Record<string, string>,
): Promise<Build> {
  const commands = commandsOf(buildspec);
  const files = commands.map((command, index) => {
    const file = join(folder, `command-${index}`);
    writeFileSync(file, command);
    return file;
  });
  const failed = join(folder, 'failed');
  const script = files
    .map((file, index) => `. ${file}; s=$?; [ $s = 0 ] || { echo ${index} >${failed}; exit $s; }`)
    .join('\n');
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: env['CODEBUILD_SRC_DIR'],
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exitStatus = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const index = existsSync(failed) ? Number(readFileSync(failed, 'utf8')) : -1;
  return { exitStatus, failed: commands[index], output };
}
