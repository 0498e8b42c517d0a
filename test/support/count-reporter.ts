import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

export interface TestCounts {
  passed: number;
  failed: number;
}

/**
 * Ends the output of a test run with `N passed, N failed`, alone on the last line, for those who read only
 * that. What keeps a test from being run (a file that doesn't load, an error outside of any test) counts as
 * failed.
 */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const { passed, failed } = countTests(modules, unhandledErrors);
    // At exit, since teardowns and other reporters still have things to say.
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed`));
  }
}

export function countTests(
  modules: readonly Pick<TestModule, 'children' | 'errors'>[],
  unhandledErrors: readonly unknown[],
): TestCounts {
  const counts = { passed: 0, failed: unhandledErrors.length };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed' || state === 'failed') counts[state] += 1;
    }
  }
  return counts;
}
