import { describe, expect, it } from 'vitest';
import { renderSlackMessage, type SlackBlock, type SlackMessage } from '../../src/report/index.js';
import { hostileRun } from './hostile.js';
import { sampleRun } from './sample.js';

const result = sampleRun();
const large = sampleRun({ seed: 3, accounts: 12, regions: 6, stacksPerTarget: 98 });

function textsOf({ blocks }: SlackMessage): string[] {
  return blocks.flatMap((block) => JSON.stringify(block).match(/"text":"(?:[^"\\]|\\.)*"/g) ?? []);
}

function sectionWith(message: SlackMessage, title: string): string {
  const texts = message.blocks.flatMap((block: SlackBlock) =>
    block.type === 'section' && block.text ? [block.text.text] : [],
  );
  return texts.find((text) => text.includes(title)) ?? '';
}

describe('the Slack message', () => {
  it('shows the status, the totals, failures with reasons and blocks', () => {
    const message = renderSlackMessage(result);
    const all = JSON.stringify(message);
    expect(message.text).toContain('Cleanup completed with failures: 163 deleted, 4 failed');
    expect(all).toContain('*Deleted*\\n163');
    for (const { items } of result.targets) {
      for (const item of items) {
        if (item.outcome === 'failed' || item.outcome === 'blocked') {
          expect(all).toContain(`\`${item.name}\``);
        }
      }
    }
    expect(sectionWith(message, 'could not be worked on')).toContain('sandbox-data/eu-west-1');
  });

  it('lists the first ten failures and counts the rest', () => {
    const failed = sectionWith(renderSlackMessage(large), '*Failed*');
    expect(failed.match(/•/g)).toHaveLength(10);
    expect(failed).toContain(`and ${large.totals.failed - 10} more`);
  });

  it("stays within Slack's limits, however long everything is", () => {
    const long = '<&>'.repeat(3000);
    const items = large.targets
      .flatMap((target) => target.items)
      .map((item) => {
        return { ...item, name: long, reason: long };
      });
    const error = { code: 'AwsAccess', message: long };
    const target = { ...large.targets[0]!, items, error, account: { id: '1', name: long } };
    const messages = [
      renderSlackMessage(large, { reportUrl: 'https://ci.example/report.html' }),
      renderSlackMessage({ ...large, targets: [target], reason: long, policies: [long] }),
    ];
    for (const message of messages) {
      expect(message.blocks.length).toBeLessThanOrEqual(50);
      for (const block of message.blocks) {
        if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
        if (block.type !== 'section') continue;
        expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
        expect(block.fields?.length ?? 0).toBeLessThanOrEqual(10);
        for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000);
      }
    }
  });

  it('has a button to the report where it was told of one', () => {
    const reportUrl = 'https://ci.example/report.html';
    expect(JSON.stringify(renderSlackMessage(result, { reportUrl }))).toContain(reportUrl);
    expect(renderSlackMessage(result).blocks.some(({ type }) => type === 'actions')).toBe(false);
  });

  it('wakes nobody: a name cannot mention a channel', () => {
    const run = hostileRun();
    run.targets[0]!.items[3]!.name = '<!channel>`*x*`';
    const texts = textsOf(renderSlackMessage({ ...run, reason: '<!here>' })).join('');
    expect(texts).not.toMatch(/<[!@#]/);
    expect(texts).toContain('&lt;!channel&gt;');
  });
});
