import { join } from 'node:path';
import { z } from 'zod';
import { readJson, type Outcome, type Step } from './step.ts';

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

const format: Step = { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] };
const lint: Step = { name: 'lint', command: ['oxlint', '--deny-warnings'] };
/** The native compiler checks; the linter needs the programming interface of the older one. */
const TSC = 'node_modules/typescript-7/bin/tsc';
const types: Step = { name: 'types', command: ['node', TSC, '-p', '.'] };
/** The dashboard has a configuration of its own: it is compiled for browsers. */
const webTypes: Step = { name: 'types of the dashboard', command: ['node', TSC, '-p', 'apps/web'] };

/** Checks that run nothing of the product: two lists that take about as long, for two cores. */
export const staticChecks = [[lint], [format, types, webTypes]] as const;

/** One of the two vitest projects of vitest.config.ts. */
export function vitest(project: 'unit' | 'int', reports: string): Step {
  const file = join(reports, `${project}.json`);
  return {
    name: project === 'unit' ? 'unit tests' : 'integration tests',
    command: [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    count(): Outcome {
      const report = VitestReport.parse(readJson(file));
      const skipped = report.numPendingTests + report.numTodoTests;
      return { passed: report.numPassedTests, failed: report.numFailedTests, skipped };
    },
  };
}

/** User stories in a real browser against the whole product. */
export function browser(chromium: string, reports: string): Step {
  const file = join(reports, 'e2e.json');
  return {
    name: 'browser tests',
    command: [
      'e2e/node_modules/.bin/playwright',
      'test',
      '--config',
      'e2e/playwright.config.ts',
      '--reporter=list,json',
    ],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, CHROMIUM_PATH: chromium },
    count(): Outcome {
      const { stats } = PlaywrightReport.parse(readJson(file));
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
  };
}
