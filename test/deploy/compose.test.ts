import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const text = await readFile(join(root, 'docker-compose.yml'), 'utf8');

const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  environment: z.record(z.string(), z.string().nullable()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  restart: z.string(),
});
const { services, volumes } = z
  .looseObject({
    services: z.record(z.string(), serviceSchema),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(text, { merge: true }));

const entries = Object.entries(services);
const pulled = entries.filter(([, { build }]) => build === undefined);
const jobs = entries.filter(([, { restart }]) => restart.startsWith('on-failure'));
const jobNames = jobs.map(([name]) => name);

describe('docker-compose.yml', () => {
  it('runs PostgreSQL, Temporal, its UI and a worker', () => {
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['postgresql', 'temporal', 'temporal-ui', 'worker']),
    );
  });

  it.each(pulled)('pins the image of %s to a release', (_name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)?$/);
  });

  it("keeps Temporal's server and the tools that migrate its schema at one version", () => {
    const versions = entries
      .map(([, { image }]) => /^temporalio\/(?:server|admin-tools):(.*)$/.exec(image)?.[1])
      .filter((version) => version !== undefined);
    expect(versions).toHaveLength(3);
    expect(new Set(versions).size).toBe(1);
  });

  it.each(entries)('opens the ports of %s to this machine only', (_name, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(pulled.filter(([name]) => !jobNames.includes(name)))(
    'checks the health of %s',
    (_name, { healthcheck }) => {
      expect(healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
    },
  );

  it('starts each service when what it stands on is healthy, or has run to its end', () => {
    const dependencies = entries.flatMap(([, { depends_on }]) => Object.entries(depends_on));
    expect(dependencies.length).toBeGreaterThanOrEqual(jobs.length + 2);
    for (const [name, { condition }] of dependencies) {
      expect(services).toHaveProperty(name);
      expect(condition).toBe(
        jobNames.includes(name) ? 'service_completed_successfully' : 'service_healthy',
      );
    }
  });

  it('keeps the database in a named volume', () => {
    expect(services['postgresql']?.volumes).toEqual(['postgresql:/var/lib/postgresql/data']);
    expect(volumes).toHaveProperty('postgresql');
  });

  it('takes the password from the environment, and says so when it is missing', () => {
    const uses = [...text.matchAll(/(?:PASSWORD|PWD): (?<value>.*)/g)].map(({ groups }) =>
      groups?.['value']?.trim(),
    );
    expect(uses).toHaveLength(3);
    for (const value of uses) expect(value).toMatch(/^\$\{POSTGRES_PASSWORD:\?.+\}$/);
  });

  it("gives the worker the config, the policies and AWS's files, to read only", () => {
    const mounts = services['worker']?.volumes ?? [];
    expect(mounts).toContain('./nightshift.yaml:/etc/nightshift/nightshift.yaml:ro');
    expect(mounts).toContain('./policies:/etc/nightshift/policies:ro');
    expect(mounts.every((mount) => mount.endsWith(':ro'))).toBe(true);
    expect(services['worker']).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('mounts only files that are in the repository, or that the worker is given', async () => {
    const files = entries
      .flatMap(([, service]) => service.volumes)
      .map((mount) => mount.split(':')[0] ?? '')
      .filter((source) => source.startsWith('./deploy/'));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) await access(join(root, file), constants.R_OK);
  });

  it('documents in .env.example every variable that it reads', async () => {
    const example = await readFile(join(root, '.env.example'), 'utf8');
    const read = [...text.matchAll(/\$\{(?<name>[A-Z_]+)/g)].map(({ groups }) => groups?.['name']);
    for (const name of read) expect(example).toMatch(new RegExp(`^#? ?${name ?? ''}=`, 'm'));
    expect(example).toMatch(/^POSTGRES_PASSWORD=$/m);
  });
});
