import { requiredParameter, type QueryAction } from '../core/aws-query.js';
import { element, list } from '../core/xml.js';
import { findReadable } from './listing.js';
import { pagePosition, pageToken } from './paging.js';
import { eventXml, resourceXml } from './render.js';
import type { Stacks } from './stacks.js';

const pageItems = 100;

/** DescribeStackEvents: newest first, in pages; of deleted stacks by StackId. */
export function describeStackEvents(stacks: Stacks): QueryAction {
  return ({ accountId, region, parameters, now }) => {
    const wanted = requiredParameter(parameters, 'StackName');
    const stack = findReadable(stacks.target(accountId, region), wanted, now);
    const start = Number(pagePosition(parameters) ?? stack.events.length);
    const end = Math.max(0, start - pageItems);
    const members = stack.events
      .slice(end, start)
      .map((event, offset) => eventXml(stack, event, end + offset))
      .reverse();
    const next = end > 0 ? pageToken(end) : undefined;
    return { xml: list('StackEvents', members) + element('NextToken', next), subject: stack.id };
  };
}

/** ListStackResources: every resource the stack ever had, in pages. */
export function listStackResources(stacks: Stacks): QueryAction {
  return ({ accountId, region, parameters, now }) => {
    const wanted = requiredParameter(parameters, 'StackName');
    const stack = findReadable(stacks.target(accountId, region), wanted, now);
    const start = Number(pagePosition(parameters) ?? 0);
    const end = start + pageItems;
    const members = stack.resources.slice(start, end).map(resourceXml);
    const next = end < stack.resources.length ? pageToken(end) : undefined;
    return {
      xml: list('StackResourceSummaries', members) + element('NextToken', next),
      subject: stack.id,
    };
  };
}

/** DescribeStackResources: the first 100 resources, without pages. */
export function describeStackResources(stacks: Stacks): QueryAction {
  return ({ accountId, region, parameters, now }) => {
    const wanted = requiredParameter(parameters, 'StackName');
    const stack = findReadable(stacks.target(accountId, region), wanted, now);
    const logicalId = parameters.get('LogicalResourceId');
    const members = stack.resources
      .filter((resource) => logicalId === null || resource.logicalId === logicalId)
      .slice(0, pageItems)
      .map(
        (resource) =>
          element('StackName', stack.name) +
          element('StackId', stack.id) +
          // The same as a summary, save for the name of its time.
          resourceXml(resource).replaceAll('LastUpdatedTimestamp', 'Timestamp'),
      );
    return { xml: list('StackResources', members), subject: stack.id };
  };
}
