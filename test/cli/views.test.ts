import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RunView } from '../../src/client/index.js';
import { coloursFor } from '../../src/cli/output.js';
import { lineView } from '../../src/cli/views/line-view.js';
import { renderRun } from '../../src/cli/views/live-view.js';
import { renderPlan } from '../../src/cli/views/plan-view.js';
import { Speed } from '../../src/cli/views/speed.js';
import { cut, widthOf } from '../../src/cli/views/text.js';
import type { RunTarget, TargetProgress } from '../../src/domain/cleanup/progress.js';
import { targetKey } from '../../src/domain/target.js';

const plain = pc.createColors(false);
const colourful = pc.createColors(true);
const start = Date.parse('2026-03-14T23:00:00Z');

function target(index: number): RunTarget['target'] {
  return {
    account: { id: String(100_000_000_000 + index), name: `dev-${index}` },
    region: 'ap-southeast-2',
  };
}

function fleet(phases: readonly RunTarget['phase'][]): RunView {
  const targets = new Map<string, TargetProgress>();
  const run: RunView['run'] = {
    workflowId: 'cleanup-run-20260314-230000-abcd',
    runId: 'r',
    phase: 'running',
    startedAt: new Date(start).toISOString(),
    policies: ['p'],
    refusals: [],
    awsCalls: 0,
    targets: phases.map((phase, index) => ({
      target: target(index),
      phase,
      workflowId: `w${index}`,
      runId: `r${index}`,
    })),
  };
  for (const { target, phase } of run.targets) {
    if (phase === 'queued') continue;
    targets.set(targetKey(target), {
      target,
      phase: phase === 'done' ? 'done' : 'running',
      pass: 1,
      counts: {
        waiting: 5,
        deleting: 3,
        mending: 0,
        deferred: 0,
        deleted: 10,
        skipped: 1,
        blocked: 1,
        failed: 2,
      },
      waves: { total: 5, current: 2 },
      deleting: [{ name: 'a-stack-with-quite-a-long-name-indeed', since: run.startedAt }],
      recent: [],
      awsCalls: 0,
      startedAt: run.startedAt,
    });
  }
  return { run, targets, stale: false };
}

const rendering = { rows: 24, speed: new Speed(), now: start + 61_000 };

describe('the live view', () => {
  it.each([80, 120, 200])(
    'never is wider than %i columns nor higher than the screen',
    (columns) => {
      const phases = Array.from({ length: 60 }, () => 'running' as const);
      const text = renderRun(fleet(phases), { ...rendering, columns, colours: colourful });
      const lines = text.split('\n');
      expect(Math.max(...lines.map(widthOf))).toBeLessThan(columns);
      expect(lines.length).toBeLessThan(24);
    },
  );

  it('shows those at work first where not all targets fit, and counts the rest', () => {
    const phases = [
      ...Array.from({ length: 30 }, () => 'done' as const),
      ...Array.from({ length: 8 }, () => 'queued' as const),
      ...Array.from({ length: 5 }, () => 'running' as const),
    ];
    const text = renderRun(fleet(phases), { ...rendering, columns: 80, colours: plain });
    const shown = [...text.matchAll(/^dev-(\d+)/gm)].map(([, index]) => Number(index));
    expect(shown.slice(0, 5)).toEqual([38, 39, 40, 41, 42]);
    expect(text).toMatch(new RegExp(`and ${43 - shown.length} more: .*done`));
  });

  it('shows done, waves, busy, failed, rate and time left of a target', () => {
    const speed = new Speed();
    const key = targetKey(target(0));
    for (const [seconds, done] of [
      [0, 4],
      [30, 9],
      [60, 14],
    ] as const) {
      speed.note(key, done, start + seconds * 1_000);
    }
    const text = renderRun(fleet(['running']), {
      ...rendering,
      speed,
      columns: 120,
      colours: plain,
    });
    // 10 in a minute; 8 are left: 48 s, to the nearest 5.
    expect(text).toMatch(/ 14\/22 +2\/5 +3 +2 +10 +50s +a-stack-with/);
    expect(text).toContain('14/22  10 deleted  3 busy  2 failed  1 blocked  1 skipped');
  });

  it('says when no worker answers, when approval is waited for, and why a run is refused', () => {
    const state = fleet(['planned']);
    const text = renderRun(
      {
        ...state,
        stale: true,
        run: { ...state.run, phase: 'awaiting-approval', refusals: ['no'] },
      },
      { ...rendering, columns: 80, colours: plain },
    );
    expect(text).toContain('no worker answers');
    expect(text).toContain(`nightshift cleanup approve ${state.run.workflowId}`);
    expect(text).toContain('refused: no');
  });
});

describe('the lines', () => {
  it('tell each thing once', () => {
    const lines: string[] = [];
    let now = start;
    const view = lineView(
      (line) => void lines.push(line),
      'run-1',
      () => now,
    );
    const state = fleet(['running']);
    state.targets
      .get(targetKey(target(0)))!
      .recent.push(
        { name: 'b', phase: 'failed', at: 't2', reason: 'because\u001b[31m' },
        { name: 'a', phase: 'deleted', at: 't1' },
      );
    for (let looks = 0; looks < 30; looks += 1) {
      view.show({ ...state, stale: looks === 3 || looks === 4 });
      now += 1_000;
    }
    expect(lines).toEqual([
      '23:00:00 run run-1: running',
      '23:00:00 dev-0/ap-southeast-2 deleted a',
      '23:00:00 dev-0/ap-southeast-2 failed b: because [31m',
      '23:00:03 no worker answers; the run waits for one',
      '23:00:10 14 of 22 done, 3 busy, 2 failed',
    ]);
  });
});

describe('a plan', () => {
  const item = (name: string, wave: number) => ({
    kind: 'stack' as const,
    id: name,
    name,
    policy: 'p',
    decision: 'delete' as const,
    wave,
  });
  const plan = {
    targets: [
      {
        ...target(1),
        items: [
          ...Array.from({ length: 260 }, (_, index) => item(`stack-${index}`, 0)),
          { ...item('ring-a', 1), reason: 'in a cycle with ring-b' },
          {
            ...item('kept', 0),
            decision: 'skip' as const,
            reason: 'termination protection '.repeat(9),
          },
        ],
      },
      { ...target(2), items: [] },
      {
        ...target(3),
        items: [],
        error: { code: 'AwsAccess', message: 'no way in', hint: 'a key' },
      },
    ],
    totals: { delete: 261, skip: 1, blocked: 0 },
    planHash: '0123456789abcdef',
    refusals: ['the plan deletes 261 resources; rails.maxDeletes allows 100'],
  };

  it.each([80, 200])('fits %i columns, with totals against the rails', (columns) => {
    const rails = { maxDeletes: 100, maxDeletePercent: 40 };
    const text = renderPlan(plan, { columns, colours: colourful, rails });
    expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(columns);
    const bare = renderPlan(plan, { columns, colours: plain, rails });
    expect(bare).toContain('and 60 more');
    expect(bare).toContain('ring-a: in a cycle with ring-b');
    expect(bare).toContain('Nothing to delete: dev-2/ap-southeast-2');
    expect(bare).toMatch(/failed +no way in\n +→ a key/);
    expect(bare).toContain('1 of them could not be looked at');
    expect(bare).toContain('261 of 100 deletes allowed; at most 40 % of a target’s stacks');
    expect(bare).toContain('refused  the plan deletes 261 resources');
  });
});

describe('colours', () => {
  it('are for terminals only, and for those who want them', () => {
    const coloured = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
      coloursFor({ isTTY }, env).red('x') !== 'x';
    expect(coloured(true, {})).toBe(true);
    expect(coloured(true, { NO_COLOR: '1' })).toBe(false);
    expect(coloured(true, { TERM: 'dumb' })).toBe(false);
    expect(coloured(false, { CI: 'true', FORCE_COLOR: '3' })).toBe(false);
  });

  it('take no room in a line that is cut', () => {
    expect(cut(colourful.red('abcdef'), 4)).toBe(colourful.red('abc…'));
    expect(cut('abcd', 4)).toBe('abcd');
  });
});

describe('speed', () => {
  it('says nothing at first, and forgets what was long ago', () => {
    const speed = new Speed();
    speed.note('x', 0, 0);
    expect(speed.perMinute('x')).toBeUndefined();
    speed.note('x', 100, 30_000);
    expect(speed.perMinute('x')).toBe(200);
    for (let at = 40_000; at <= 200_000; at += 10_000) speed.note('x', 100, at);
    expect(speed.perMinute('x')).toBe(0);
    expect(speed.timeFor('x', 5)).toBeUndefined();
  });
});
