import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Check, Outcome } from './run-check.ts';

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

/** The native compiler checks; other tools need the programming interface of the older one. */
const TSC = 'node_modules/typescript-7/bin/tsc';

export const format: Check = {
  name: 'format',
  command: ['oxfmt', '--check'],
};
export const lint: Check = { name: 'lint', command: ['oxlint', '--deny-warnings', '--format=unix'] };
export const types: Check = { name: 'types', command: ['node', TSC, '-p', '.'] };
/** The dashboard has a configuration of its own: it is compiled for browsers. */
export const webTypes: Check = { name: 'types of the dashboard', command: ['node', TSC, '-p', 'apps/web'] };
export const structure: Check = { name: 'structure', command: ['node', 'scripts/structure/main.ts'] };
export const deadCode: Check = { name: 'dead code', command: ['knip', '--no-progress'] };
/** What the browser tests run against; built from these very sources only once. */
export const dashboard: Check = {
  name: 'build of the dashboard',
  command: ['turbo', 'run', 'build', '--filter=@hostmesh/web', '--output-logs=errors-only'],
};

/** One of the two vitest projects of vitest.config.ts. */
export function vitest(project: 'unit' | 'int', reports: string): Check {
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
export function browser(chromium: string, reports: string): Check {
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
