// `pnpm check`: what to run before every commit; under a minute.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, lint, types, vitest, webTypes } from './checks/steps.ts';
import { runStep, total, type Outcome } from './checks/step.ts';

const reports = mkdtempSync(join(tmpdir(), 'hostmesh-reports-'));
const outcomes: Outcome[] = [];
for (const step of [format, lint, types, webTypes, vitest('unit', reports)])
  outcomes.push(await runStep(step));
rmSync(reports, { recursive: true });
const { passed, failed } = total(outcomes);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
