import { describe, expect, it } from 'vitest';
import { consoleLink } from '../../src/report/html/console-link.js';
import { renderHtmlReport } from '../../src/report/index.js';
import { reportModel } from '../../src/report/model.js';
import { sampleRun } from './sample.js';

const result = sampleRun();

describe("the report's view of a run", () => {
  it('is wide enough for what began before the run did, as after a hand-over', () => {
    const early = '2026-03-14T11:59:00.000Z';
    const [first, ...rest] = result.targets;
    const [item, ...items] = first!.items;
    const targets = [{ ...first!, items: [{ ...item!, startedAt: early }, ...items] }, ...rest];
    const model = reportModel({ ...result, targets });
    expect(model.span.start).toBe(Date.parse(early));
    expect(model.items[0]?.span?.start).toBe(Date.parse(early));
  });

  it('lets a delete that had not ended reach to the end of the run, and says so', () => {
    const [first] = result.targets;
    const item = { ...first!.items[0]!, endedAt: undefined };
    const targets = [{ ...first!, items: [item] }];
    const run = { ...result, status: 'cancelled' as const, targets };
    const span = reportModel(run).items[0]?.span;
    expect(span).toMatchObject({ open: true, end: Date.parse(result.endedAt) });
    expect(renderHtmlReport(run)).toMatch(
      /class="bar deleted open"[^>]*aria-label="[^"]*not ended/,
    );
  });

  it('counts orphans and outcomes as the totals do', () => {
    const model = reportModel(result);
    expect(model.orphans).toHaveLength(result.totals.orphaned);
    const deleted = model.targets.reduce((sum, target) => sum + target.counts.deleted, 0);
    expect(deleted).toBe(result.totals.deleted);
  });
});

describe('the link to the AWS console', () => {
  const account = { id: '111111111111', name: 'dev' };
  const stack = { kind: 'stack' as const, id: 'arn:aws:cloudformation:x:1:stack/a&b/1' };

  it.each([
    ['us-east-1', 'https://us-east-1.console.aws.amazon.com/'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('of a stack in %s leads to its partition', (region, start) => {
    const link = consoleLink(stack, { account, region });
    expect(link).toMatch(new RegExp(`^${start.replaceAll('.', '\\.')}`));
    expect(link).toContain('stackId=arn%3Aaws%3Acloudformation%3Ax%3A1%3Astack%2Fa%26b%2F1');
  });

  it('is only made for a stack that has a StackId', () => {
    const target = { account, region: 'us-east-1' };
    expect(consoleLink({ kind: 'bucket', id: stack.id }, target)).toBeUndefined();
    expect(consoleLink({ kind: 'stack', id: 'javascript:alert(1)' }, target)).toBeUndefined();
  });
});
