import { validationError } from '../core/aws-error.js';
import { requiredParameter, type QueryAction } from '../core/aws-query.js';
import { element, list } from '../core/xml.js';
import { pageByKey } from './paging.js';
import type { Stacks } from './stacks.js';

const pageItems = 100;

export function listExports(stacks: Stacks): QueryAction {
  return (call) => {
    const exported = [...stacks.target(call.accountId, call.region).exports()];
    const page = pageByKey(exported, ([name]) => name, pageItems, call.parameters);
    const members = page.items.map(([name, stack]) => {
      const output = stack.outputs.find((candidate) => candidate.exportName === name);
      return (
        element('ExportingStackId', stack.id) +
        element('Name', name) +
        element('Value', output?.value)
      );
    });
    return { xml: list('Exports', members) + element('NextToken', page.next) };
  };
}

export function listImports(stacks: Stacks): QueryAction {
  return (call) => {
    const exportName = requiredParameter(call.parameters, 'ExportName');
    const importers = stacks.target(call.accountId, call.region).importers(exportName);
    if (importers.length === 0)
      throw validationError(`Export '${exportName}' is not imported by any stack.`);
    const page = pageByKey(importers, (stack) => stack.name, pageItems, call.parameters);
    const names = page.items.map((stack) => stack.name);
    return {
      xml: list('Imports', names) + element('NextToken', page.next),
      subject: exportName,
    };
  };
}
