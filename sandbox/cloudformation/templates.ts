import { validationError } from '../core/aws-error.js';
import { requiredParameter, type QueryAction } from '../core/aws-query.js';
import { element, escapeXml, list } from '../core/xml.js';
import { findReadable } from './listing.js';
import type { Stacks } from './stacks.js';
import { parseTemplate } from './template.js';
import { templateOf } from './write-template.js';

/** GetTemplate: of a stack by name, or by StackId after its end too. */
export function getTemplate(stacks: Stacks): QueryAction {
  return ({ accountId, region, parameters, now }) => {
    const wanted = requiredParameter(parameters, 'StackName');
    const stack = findReadable(stacks.target(accountId, region), wanted, now);
    return {
      xml:
        element('TemplateBody', templateOf(stack)) +
        list('StagesAvailable', ['Original', 'Processed']),
      subject: stack.id,
    };
  };
}

/** GetTemplateSummary: of a stack, or of a template that is given. */
export function getTemplateSummary(stacks: Stacks): QueryAction {
  return ({ accountId, region, parameters, now }) => {
    const wanted = parameters.get('StackName');
    const given = parameters.get('TemplateBody');
    if (wanted === null && given === null)
      throw validationError('Either StackName or TemplateBody or TemplateURL must be specified');
    const stack =
      wanted === null ? undefined : findReadable(stacks.target(accountId, region), wanted, now);
    const template = parseTemplate(stack ? templateOf(stack) : (given ?? ''));
    const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].sort();
    return {
      xml: [
        list(
          'Parameters',
          Object.keys(template.Parameters).map((key) => element('ParameterKey', key)),
        ),
        element('Description', template.Description),
        list('Capabilities', []),
        list('ResourceTypes', types.map(escapeXml)),
        element('Version', '2010-09-09'),
        list('DeclaredTransforms', []),
      ].join(''),
      ...(stack ? { subject: stack.id } : {}),
    };
  };
}
