import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const folder = join(import.meta.dirname, 'policies');
const document = z.object({
  policies: z.array(z.object({ name: z.string(), resource: z.string() })),
});

export interface PolicyFile {
  path: string;
  /** Names of the policies in it, in their order. */
  policies: string[];
}

/** Policies of this suite, in Custodian's own syntax. */
export async function policyFiles(): Promise<PolicyFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yml')).sort();
  return Promise.all(names.map((name) => readPolicies(join(folder, name))));
}

/** One of these files, by its name without `.yml`. */
export async function policyFile(name: string): Promise<PolicyFile> {
  return readPolicies(join(folder, `${name}.yml`));
}

async function readPolicies(path: string): Promise<PolicyFile> {
  const { policies } = document.parse(parse(await readFile(path, 'utf8')));
  return { path, policies: policies.map((policy) => policy.name) };
}
