import { access, readFile, readdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stage, copies, parseDockerfile } from './dockerfile.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');
const stages = parseDockerfile(await read('Dockerfile'));
const [build, runtime] = stages as [Stage, Stage];

const packageSchema = z.object({
  engines: z.object({ node: z.string() }),
  bin: z.record(z.string(), z.string()),
  files: z.array(z.string()),
  dependencies: z.record(z.string(), z.string()),
});
const manifest = packageSchema.parse(JSON.parse(await read('package.json')));

interface Import {
  file: string;
  path: string;
}

/** What the TypeScript below a folder imports at run time, tests aside. */
async function importsOf(folder: string): Promise<Import[]> {
  const imports: Import[] = [];
  for (const name of await readdir(join(root, folder), { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const file = join(folder, name);
    const pattern = /^(?:import|export)\s(?!type\b)[^'";]*from '([^']+)';$|import\('([^']+)'\)/gm;
    for (const [, from, lazy] of (await read(file)).matchAll(pattern)) {
      imports.push({ file, path: from ?? lazy ?? '' });
    }
  }
  return imports;
}

const argument = (stage: Stage, name: string) =>
  stage.instructions.findLast((instruction) => instruction.name === name)?.rest ?? '';
const commands = (stage: Stage) =>
  stage.instructions.filter(({ name }) => name === 'RUN').map(({ rest }) => rest);

describe('the image', () => {
  it('is built in one stage and run in another, both on one pinned Debian release of Node', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'runtime']);
    expect(build.image).toBe(runtime.image);
    expect(build.image).toMatch(/^node:20\.\d+\.\d+-[a-z]+-slim$/);
  });

  it('has a Node that the package allows', () => {
    const least = /^>=20\.(\d+)$/.exec(manifest.engines.node)?.[1];
    const minor = /^node:20\.(\d+)\./.exec(build.image)?.[1];
    expect(Number(minor)).toBeGreaterThanOrEqual(Number(least));
  });

  it('copies only what is in the repository, and what is not kept out of the build', async () => {
    const ignore = (await read('.dockerignore')).split('\n');
    expect(ignore).toContain('*');
    const sources = copies(build).flatMap((copy) => copy.sources);
    expect(sources.length).toBeGreaterThan(4);
    for (const source of sources) {
      const path = source.replace(/^\.\//, '');
      await access(join(root, path));
      expect(ignore).toContain(`!${path}`);
    }
    const let_in = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(let_in.sort()).toEqual(sources.map((source) => source.replace(/^\.\//, '')).sort());
  });

  it('copies every folder that the program imports from', async () => {
    const sources = copies(build).flatMap((copy) => copy.sources);
    const folders = (await importsOf('src'))
      .filter(({ path }) => path.startsWith('.'))
      .map(({ file, path }) => normalize(join(file, '..', path)).split('/')[0] ?? '');
    expect(folders).toContain('src');
    expect([...new Set(folders)].filter((folder) => !sources.includes(folder))).toEqual([]);
  });

  it('keeps every package that the program imports, when development dependencies are pruned', async () => {
    const packages = [...(await importsOf('src')), ...(await importsOf('sandbox'))]
      .filter(({ path }) => !path.startsWith('.') && !isBuiltin(path))
      .map(({ path }) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
    expect(packages).toContain('@temporalio/worker');
    const kept = Object.keys(manifest.dependencies);
    expect([...new Set(packages)].filter((name) => !kept.includes(name))).toEqual([]);
  });

  it('installs before it has sources, without the scripts that need them, and then builds', () => {
    const order = build.instructions.map(({ name, rest }) => `${name} ${rest}`);
    const at = (pattern: RegExp) => order.findIndex((line) => pattern.test(line));
    const steps = [
      at(/^COPY package\.json package-lock\.json/),
      at(/npm ci --ignore-scripts/),
      at(/^COPY src /),
      at(/npm run build/),
      at(/npm prune --omit=dev --ignore-scripts/),
    ];
    expect(steps).not.toContain(-1);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it('holds what the package holds, and what it needs to run, and takes it from the build', () => {
    const copied = copies(runtime);
    for (const { from } of copied) expect(from).toBe('build');
    const sources = copied.flatMap((copy) => copy.sources);
    const held = ['package.json', 'node_modules', ...manifest.files].map((file) => `/app/${file}`);
    expect(sources.sort()).toEqual(held.sort());
  });

  it('runs a worker, not as root, with an init that passes signals on', () => {
    const entry = z.array(z.string()).parse(JSON.parse(argument(runtime, 'ENTRYPOINT')));
    expect(entry.slice(0, 3)).toEqual(['tini', '--', 'node']);
    expect(entry.at(-1)).toBe(`/app/${manifest.bin['nightshift'] ?? ''}`);
    expect(argument(runtime, 'CMD')).toBe('["worker"]');
    expect(argument(runtime, 'USER')).toBe('node');
    expect(commands(runtime).join()).toContain('ca-certificates tini');
  });

  it('checks its health with a program that is built', async () => {
    const [, program] =
      /"\/app\/dist\/(src\/[\w/-]+)\.js"/.exec(argument(runtime, 'HEALTHCHECK')) ?? [];
    await access(join(root, `${program ?? 'missing'}.ts`));
  });
});
