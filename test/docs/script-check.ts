import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { cleanupInputSchema } from '../../src/domain/cleanup/input.js';
import { lineRequestSchema } from '../../src/domain/images/input.js';
import * as workflows from '../../src/workflows/index.js';
import { type Block, root } from './documents.js';
import { problemOf } from './nightshift-command.js';
import { type Words, commandsOf, optionOf } from './shell.js';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const { services } = z
  .looseObject({ services: z.record(z.string(), z.unknown()) })
  .parse(parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }));

/** What a reader makes, so that it needn't be there. */
const made = ['nightshift.yaml', '.env'];

/** What is wrong with the commands of a block, each with its words; empty when nothing is. */
export function scriptProblems({ text, folder }: Block): string[] {
  return commandsOf(text).flatMap((words) => {
    const problem = commandProblem(words, folder);
    return problem === undefined ? [] : [`${words.join(' ')}: ${problem}`];
  });
}

/** What is wrong with one command; a program that isn't known here is, so that none goes unlooked at. */
export function commandProblem(words: Words, folder: string): string | undefined {
  const [program = '', ...rest] = words;
  switch (program) {
    case 'npx':
      return npxProblem(rest, folder);
    case 'nightshift':
      return problemOf(rest);
    case 'npm':
      return npmProblem(rest);
    case 'node':
    case 'cp':
    case 'cd':
      return missingFile(rest[0] ?? '', folder);
    case 'zip':
      return missingFiles(
        rest.filter((word) => !word.startsWith('-')),
        folder,
      );
    case 'aws':
      return awsProblem(rest);
    case 'docker':
      return dockerProblem(rest);
    case 'temporal':
      return temporalProblem(rest);
    case 'cfn-lint':
      return missingFile((rest[0] ?? '').replace('*.yaml', 'hub-role.yaml'), folder);
    case 'curl':
    case 'export':
    case 'gunzip':
    case 'gzip':
    case 'open':
    case 'pip':
    case 'go':
      return undefined;
    default:
      return `${program} is not a program that the tests of the documents know`;
  }
}

function npxProblem([tool = '', ...rest]: Words, folder: string): string | undefined {
  if (tool === 'nightshift') return problemOf(rest);
  if (tool !== 'vitest') return `${tool} is not what a reader runs with npx`;
  const [path = ''] = rest.slice(1);
  return rest[0] === 'run' ? missingFile(path, folder) : 'vitest without run never ends';
}

function npmProblem([command = '', name = '']: Words): string | undefined {
  if (['ci', 'test'].includes(command)) return undefined;
  if (command !== 'run') return `npm ${command} is not for readers`;
  return name in scripts ? undefined : `package.json has no script ${name}`;
}

function missingFile(path: string, folder: string): string | undefined {
  const there = [join(root, path), join(root, folder, path)].some(existsSync);
  return there || made.includes(path) ? undefined : `there is no ${path}`;
}

function missingFiles(paths: Words, folder: string): string | undefined {
  return paths.flatMap((path) => missingFile(path, folder) ?? [])[0];
}

/** A template that is named must be there, and have the parameters that are given. */
function awsProblem(words: Words): string | undefined {
  const file =
    optionOf(words, '--template-file') ??
    optionOf(words, '--template-body')?.replace(/^file:\/\//, '');
  if (file === undefined) return undefined;
  if (!existsSync(join(root, file))) return `there is no ${file}`;
  const template = readFileSync(join(root, file), 'utf8');
  const given = parametersIn(words);
  const unknown = given.filter((name) => !new RegExp(`^  ${name}:$`, 'm').test(template));
  return unknown.length > 0 ? `${file} has no parameter ${unknown.join(', ')}` : undefined;
}

/** Names of the parameters that `deploy --parameter-overrides` or `create-stack-set --parameters` give. */
function parametersIn(words: Words): string[] {
  const start = words.findIndex((word) => /^--parameter(s|-overrides)$/.test(word)) + 1;
  if (start === 0) return [];
  const length = words.slice(start).findIndex((word) => word.startsWith('--'));
  return words
    .slice(start, length < 0 ? undefined : start + length)
    .map((word) => word.replace('ParameterKey=', '').split(/[=,]/)[0] ?? '');
}

function dockerProblem([command = '', ...rest]: Words): string | undefined {
  if (command !== 'compose') return undefined;
  const name = { exec: rest[2], logs: rest.at(-1) }[rest[0] ?? ''];
  if (name === undefined || name.startsWith('-') || name in services) return undefined;
  return `docker-compose.yml has no service ${name}`;
}

/** Inputs of the workflows that a reader may start. */
const inputSchemas: Record<string, z.ZodType | undefined> = {
  cleanup: cleanupInputSchema,
  imageCheck: lineRequestSchema,
};

function temporalProblem(words: Words): string | undefined {
  if (words[1] !== 'start') return undefined;
  const type = optionOf(words, '--type') ?? '';
  if (!(type in workflows)) return `there is no workflow ${type}`;
  const schema = inputSchemas[type];
  if (!schema) return `the input of ${type} is not one that the tests of the documents know`;
  const input: unknown = JSON.parse(optionOf(words, '--input') ?? '{}');
  return schema.safeParse(input).error?.message;
}
