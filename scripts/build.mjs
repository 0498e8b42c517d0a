// Compiles to dist/ and prebuilds what the program would otherwise build at start.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const run = (file, ...args) =>
  execFileSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });

run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
for (const step of ['scripts/bundle-workflows.mjs', 'scripts/write-schema.mjs']) {
  if (existsSync(join(root, step))) run(step);
}
const bin = join(root, 'dist/src/cli/main.js');
if (existsSync(bin)) chmodSync(bin, 0o755);
