import { Random } from '../core/random.js';
import type { GenerateSpec } from './generate-schema.js';
import { placedStackSchema, type PlacedStack } from './stack-schema.js';

// Parsed once: a bench generates tens of thousands of stacks.
const blank = placedStackSchema.parse({ account: '', region: '', name: 'blank' });

/** The stacks that a `generate` section describes, for one account and region. */
export function generateStacks(spec: GenerateSpec, account: string, region: string): PlacedStack[] {
  const random = new Random(hash(`${spec.seed}/${spec.prefix}/${account}/${region}`));
  const layers = layersOf(spec);
  const exportsOf: string[][] = layers.map(() => []);
  return layers.flatMap((size, layer) => {
    const width = Math.min(3, String(size).length + 1);
    return Array.from({ length: size }, (_, index) => {
      const name = `${spec.prefix}-${layer}-${String(index).padStart(width, '0')}`;
      const imports = pickImports(random, spec, exportsOf, layer);
      // The first of each layer but the last exports, so that the next layer has something to stand on.
      const exporting = layer < spec.depth - 1 && (index === 0 || random.chance(spec.exporters));
      if (exporting) exportsOf[layer]?.push(`${name}-id`);
      return {
        ...blank,
        account,
        region,
        name,
        tags: spec.tags,
        ageDays: round(random.between(...spec.ageDays)),
        deleteSeconds: round(random.between(...spec.deleteSeconds)),
        resources: random.integer(...spec.resources),
        exports: exporting ? [`${name}-id`] : [],
        imports,
      };
    });
  });
}

/** How many stacks each layer has: as even as can be. */
function layersOf(spec: GenerateSpec): number[] {
  const depth = Math.min(spec.depth, spec.stacks);
  const each = Math.floor(spec.stacks / depth);
  const extra = spec.stacks % depth;
  return Array.from({ length: depth }, (_, layer) => each + (layer < extra ? 1 : 0));
}

function pickImports(
  random: Random,
  spec: GenerateSpec,
  exportsOf: readonly (readonly string[])[],
  layer: number,
): string[] {
  const below = exportsOf[layer - 1];
  if (!below || below.length === 0) return [];
  const chosen = new Set([random.pick(below)]);
  const further = exportsOf.slice(0, layer).flat();
  const count = random.integer(...spec.imports);
  while (chosen.size < Math.min(count, further.length)) chosen.add(random.pick(further));
  return [...chosen];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** FNV-1a: neighbouring targets get unlike graphs from one seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
