// `pnpm check`: what to run before every commit; under a minute.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBeside, runStep, total } from './checks/step.ts';
import { staticChecks, vitest } from './checks/steps.ts';

const reports = mkdtempSync(join(tmpdir(), 'hostmesh-reports-'));
const outcomes = [...(await runBeside(staticChecks)), await runStep(vitest('unit', reports))];
rmSync(reports, { recursive: true });
const { passed, failed } = total(outcomes);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
