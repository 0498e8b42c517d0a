import {
  type CloudFormationClient,
  type Stack,
  paginateDescribeStacks,
  paginateListExports,
  paginateListImports,
} from '@aws-sdk/client-cloudformation';
import { awsErrorMessage } from '../../aws/errors.js';

/** Every living stack of the target, nested ones included. */
export async function listStacks(
  client: CloudFormationClient,
  abortSignal: AbortSignal,
): Promise<Stack[]> {
  const stacks: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client }, {}, { abortSignal }))
    stacks.push(...(page.Stacks ?? []));
  return stacks;
}

export interface Export {
  name: string;
  /** StackId of the stack that exports it. */
  stackId: string;
}

export async function listExports(
  client: CloudFormationClient,
  abortSignal: AbortSignal,
): Promise<Export[]> {
  const exports: Export[] = [];
  for await (const page of paginateListExports({ client }, {}, { abortSignal })) {
    for (const { Name, ExportingStackId } of page.Exports ?? []) {
      if (Name !== undefined && ExportingStackId !== undefined)
        exports.push({ name: Name, stackId: ExportingStackId });
    }
  }
  return exports;
}

/** Names of the stacks that import an export. */
export async function listImporters(
  client: CloudFormationClient,
  ExportName: string,
  abortSignal: AbortSignal,
): Promise<string[]> {
  const importers: string[] = [];
  try {
    for await (const page of paginateListImports({ client }, { ExportName }, { abortSignal })) {
      importers.push(...(page.Imports ?? []));
    }
  } catch (error) {
    // An export that nobody imports is an error to AWS: "Export 'X' is not imported by any stack."
    // So is one that went away since it was listed.
    if (!/is not imported by any stack|does not exist/i.test(awsErrorMessage(error))) throw error;
  }
  return importers;
}
