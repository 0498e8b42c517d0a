import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folder.js';

/** What the fake programs leave to be looked at, and an environment in which only they are on the PATH. */
export interface FakeMachine {
  /** Each call of `go build` adds its pid to it, on a line of its own. */
  builds: string;
  /** While this file is missing, `go build` does not end. */
  gate: string;
  cacheDir: string;
  env: NodeJS.ProcessEnv;
}

const version = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';

/** Writes half a binary, waits for the gate in a child as a compiler would run in, then writes the rest. */
const go = (machine: { builds: string; gate: string }): string => `#!/bin/sh
case "$1" in
version) echo "go version go1.25.3 linux/amd64"; exit 0 ;;
list) echo "go: downloading example.com/a v1.0.0" >&2; echo example.com/a; echo; echo example.com/b; exit 0 ;;
esac
[ -n "$GO_FAILS" ] && { echo "no space left on device" >&2; exit 1; }
while [ "$1" != "-o" ]; do shift; done
echo example.com/a >&2
printf '#!/bin/sh\\n' > "$2"
chmod +x "$2"
echo "$$" >> '${machine.builds}'
sh -c "while [ ! -e '${machine.gate}' ]; do sleep 0.1; done"
echo example.com/b >&2
printf 'echo "${version}"\\n' >> "$2"
`;

/** A machine without Temporal's CLI and without a network, where \`go\` builds a fake CLI. */
export async function fakeMachine(): Promise<FakeMachine> {
  const folder = await temporaryFolder();
  const bin = join(folder, 'bin');
  const cacheDir = join(folder, 'cache');
  const machine = { builds: join(folder, 'builds'), gate: join(folder, 'gate') };
  await writeFile(machine.builds, '');
  await writeProgram(join(bin, 'go'), go(machine));
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: folder,
    NIGHTSHIFT_CACHE_DIR: cacheDir,
    NIGHTSHIFT_NO_DOWNLOAD: '1',
  };
  return { ...machine, cacheDir, env };
}

/** A folder with a `temporal` that says it has this server. */
export async function cliWithServer(server: string): Promise<string> {
  const bin = join(await temporaryFolder(), 'bin');
  const text = `#!/bin/sh\necho "temporal version 1.0.0 (Server ${server}, UI 2.0.0)"\n`;
  await writeProgram(join(bin, 'temporal'), text);
  return bin;
}

export async function writeProgram(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
}
