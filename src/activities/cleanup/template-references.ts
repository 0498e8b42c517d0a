import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import type { Target } from '../../domain/target.js';

const referenceSchema = z.object({
  StackName: z.union([
    z.string(),
    z.object({ Ref: z.string() }),
    z.object({ 'Fn::Sub': z.string() }),
  ]),
  Region: z.string().optional(),
  RoleArn: z.string().optional(),
});

/**
 * Names of the stacks in the same target whose outputs a template reads with Fn::GetStackOutput.
 * Only what can be known without evaluating the template: names written out, parameters, and
 * parameters within Fn::Sub. The short form allows no functions within, as AWS documents.
 */
export function stackOutputReferences(
  template: string,
  parameters: ReadonlyMap<string, string>,
  target: Target,
): string[] {
  // Most templates have none: parsing each of thousands would be the slowest part of a plan.
  if (!template.includes('GetStackOutput')) return [];
  const document = parseDocument(template, { logLevel: 'silent', uniqueKeys: false });
  const found: unknown[] = [];
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === 'Fn::GetStackOutput' && isMap(pair.value))
        found.push(pair.value.toJS(document));
    },
    Map(_, map) {
      if (map.tag === '!GetStackOutput') found.push(map.toJS(document));
    },
  });
  const names = found.flatMap((value) => nameOf(value, parameters, target) ?? []);
  return [...new Set(names)];
}

function nameOf(
  value: unknown,
  parameters: ReadonlyMap<string, string>,
  target: Target,
): string | undefined {
  const parsed = referenceSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { StackName, Region, RoleArn } = parsed.data;
  // Another region's or account's stack is in another target, and weak references never block.
  if (Region !== undefined && Region !== target.region) return undefined;
  if (RoleArn !== undefined && !RoleArn.includes(`:${target.account.id}:`)) return undefined;
  if (typeof StackName === 'string') return StackName;
  if ('Ref' in StackName) return parameters.get(StackName.Ref);
  return StackName['Fn::Sub'].replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === 'AWS::Region') return target.region;
    if (name === 'AWS::AccountId') return target.account.id;
    return parameters.get(name) ?? whole;
  });
}
