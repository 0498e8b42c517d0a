import {
  DescribeAccountLimitsCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  paginateDescribeStackEvents,
  paginateListExports,
  paginateListImports,
  paginateListStackResources,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, idOf } from '../testing/stack-calls.js';
import { argumentsOf, parseTemplate } from './template.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;
afterEach(() => sandbox.close());

async function start(...of: Parameters<typeof oneTarget>) {
  sandbox = await oneTarget(...of);
  cfn = cloudFormationClient(sandbox.url, account, region);
}

describe('pages', () => {
  test('events come a hundred at a time, newest first, each once', async () => {
    await start([{ name: 'big', resources: 120 }]);
    const id = await idOf(cfn, 'big');
    await deleteStack(cfn, id);
    sandbox.clock.skip(60);
    const ids = new Set<string>();
    const times: number[] = [];
    for await (const page of paginateDescribeStackEvents({ client: cfn }, { StackName: id })) {
      expect(page.StackEvents?.length).toBeLessThanOrEqual(100);
      for (const event of page.StackEvents ?? []) {
        ids.add(event.EventId ?? '');
        times.push(event.Timestamp?.getTime() ?? 0);
      }
    }
    expect(ids.size).toBe(2 + 2 + 240);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('resources come a hundred at a time', async () => {
    await start([{ name: 'big', resources: 250 }]);
    const sizes: number[] = [];
    for await (const page of paginateListStackResources({ client: cfn }, { StackName: 'big' }))
      sizes.push(page.StackResourceSummaries?.length ?? 0);
    expect(sizes).toEqual([100, 100, 50]);
    const { StackResources } = await cfn.send(
      new DescribeStackResourcesCommand({ StackName: 'big' }),
    );
    expect(StackResources).toHaveLength(100);
  });

  test('exports and imports come a hundred at a time', async () => {
    const exports = Array.from({ length: 130 }, (_, index) => `export-${index}`);
    const importers = Array.from({ length: 130 }, (_, index) => ({
      name: `importer-${index}`,
      imports: ['export-0'],
    }));
    await start([{ name: 'base', exports }, ...importers]);
    const exported: number[] = [];
    for await (const page of paginateListExports({ client: cfn }, {}))
      exported.push(page.Exports?.length ?? 0);
    expect(exported).toEqual([100, 30]);
    const imported: number[] = [];
    const query = { ExportName: 'export-0' };
    for await (const page of paginateListImports({ client: cfn }, query))
      imported.push(page.Imports?.length ?? 0);
    expect(imported).toEqual([100, 30]);
  });
});

describe('templates', () => {
  const stack = {
    name: 'web',
    imports: ['vpc-id'],
    stackOutputs: [{ stack: 'cache', output: 'Endpoint', region: 'eu-west-1' }],
    exports: [{ name: 'web-url', output: 'Url', value: 'https://web' }],
  };

  test.each(['json' as const, 'yaml' as const])(
    'in %s say what the stack refers to',
    async (templateFormat) => {
      await start([
        { name: 'net', exports: ['vpc-id'] },
        { ...stack, templateFormat },
      ]);
      const { TemplateBody } = await cfn.send(new GetTemplateCommand({ StackName: 'web' }));
      const template = parseTemplate(TemplateBody ?? '');
      expect(argumentsOf(template, 'Fn::ImportValue')).toEqual(['vpc-id']);
      expect(argumentsOf(template, 'Fn::GetStackOutput')).toEqual([
        { StackName: 'cache', OutputName: 'Endpoint', Region: 'eu-west-1' },
      ]);
      expect(template.Outputs).toEqual({
        Url: { Value: 'https://web', Export: { Name: 'web-url' } },
      });
    },
  );

  test('in YAML use the short forms', async () => {
    await start([
      { name: 'net', exports: ['vpc-id'] },
      { ...stack, templateFormat: 'yaml' },
    ]);
    const { TemplateBody } = await cfn.send(new GetTemplateCommand({ StackName: 'web' }));
    expect(TemplateBody).toContain('!ImportValue vpc-id');
    expect(TemplateBody).toContain('!GetStackOutput');
  });

  test('written in the fleet file are given back as they are', async () => {
    const template = 'Resources:\n  Q: { Type: "AWS::SQS::Queue" } # mine\n';
    await start([{ name: 'own', template }]);
    const { TemplateBody } = await cfn.send(new GetTemplateCommand({ StackName: 'own' }));
    expect(TemplateBody).toBe(template);
  });

  test('are summed up by their resource types', async () => {
    await start([{ name: 'a', resources: [{ logicalId: 'Q', type: 'AWS::SQS::Queue' }] }]);
    const summary = await cfn.send(new GetTemplateSummaryCommand({ StackName: 'a' }));
    expect(summary.ResourceTypes).toEqual(['AWS::SQS::Queue']);
  });
});

test('the limits of the account are told', async () => {
  await start([], { cloudformation: { concurrentResourcesLimit: 77 } });
  const { AccountLimits } = await cfn.send(new DescribeAccountLimitsCommand({}));
  expect(AccountLimits).toContainEqual({ Name: 'ConcurrentResourcesLimit', Value: 77 });
  expect(AccountLimits).toContainEqual({ Name: 'StackLimit', Value: 2000 });
});

test('events of a stack that never was are an error', async () => {
  await start([]);
  await expect(
    cfn.send(new DescribeStackEventsCommand({ StackName: 'nothing' })),
  ).rejects.toMatchObject({ name: 'ValidationError' });
});
