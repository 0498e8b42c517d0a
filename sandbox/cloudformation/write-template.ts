import { Document, isMap, isScalar, YAMLMap, type Node } from 'yaml';
import type { Stack } from './model.js';

/** The template of a stack: as it was given, or made up from what the stack is. */
export function templateOf(stack: Stack): string {
  if (stack.template !== undefined) return stack.template;
  const template = describe(stack);
  return stack.templateFormat === 'json' ? JSON.stringify(template, null, 2) : yamlOf(template);
}

function describe(stack: Stack): Record<string, unknown> {
  const references = [
    ...stack.imports.map((name) => ({ 'Fn::ImportValue': name })),
    ...stack.stackOutputs.map((reference) => ({
      'Fn::GetStackOutput': {
        StackName: reference.stackName,
        OutputName: reference.outputName,
        ...(reference.region === undefined ? {} : { Region: reference.region }),
        ...(reference.roleArn === undefined ? {} : { RoleArn: reference.roleArn }),
      },
    })),
  ];
  const tags = references.map((value, index) => ({ Key: `reference-${index}`, Value: value }));
  const resources = stack.resources.map((resource, index) => [
    resource.logicalId,
    {
      Type: resource.type,
      ...(resource.retain ? { DeletionPolicy: 'Retain' } : {}),
      Properties: {
        ...(resource.type === 'AWS::S3::Bucket' ? { BucketName: resource.physicalId } : {}),
        ...(index === 0 && tags.length > 0 ? { Tags: tags } : {}),
      },
    },
  ]);
  const outputs = stack.outputs.map(({ key, value, description, exportName }) => [
    key,
    {
      ...(description === undefined ? {} : { Description: description }),
      Value: value,
      ...(exportName === undefined ? {} : { Export: { Name: exportName } }),
    },
  ]);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    ...(stack.description === undefined ? {} : { Description: stack.description }),
    Resources: Object.fromEntries(resources),
    ...(outputs.length === 0 ? {} : { Outputs: Object.fromEntries(outputs) }),
  };
}

/** People write YAML templates in the short forms, so the sandbox does too. */
function yamlOf(template: Record<string, unknown>): string {
  const document = new Document(template);
  shorten(document.contents);
  return document.toString();
}

function shorten(node: unknown): void {
  if (!isMap<Node, Node>(node)) {
    if (node !== null && typeof node === 'object' && 'items' in node && Array.isArray(node.items))
      node.items.forEach(shorten);
    return;
  }
  for (const pair of node.items) {
    const short = shortForm(pair.value);
    if (short) pair.value = short;
    else shorten(pair.value);
  }
}

function shortForm(node: unknown): Node | undefined {
  if (!isMap<Node, Node>(node) || node.items.length !== 1) return undefined;
  const [pair] = node.items;
  const name = isScalar(pair?.key) ? String(pair.key.value) : '';
  const argument = pair?.value;
  if (!name.startsWith('Fn::') || !argument) return undefined;
  if (!isScalar(argument) && !(argument instanceof YAMLMap)) return undefined;
  argument.tag = `!${name.slice(4)}`;
  return argument;
}
