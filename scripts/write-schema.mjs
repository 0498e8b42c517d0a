// Writes schema/nightshift.schema.json, which editors complete nightshift.yaml with. Run after tsc.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../dist/src/domain/config/json-schema.js';

const folder = join(import.meta.dirname, '..', 'schema');
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'nightshift.schema.json'),
  `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
);
