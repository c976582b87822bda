// `npm test`: lint, types, unit, integration and browser tests, ending with one line that counts every test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './checks/chromium.ts';
import { runBeside, runStep, total } from './checks/step.ts';
import { browser, staticChecks, vitest } from './checks/steps.ts';

const reports = mkdtempSync(join(tmpdir(), 'hostmesh-reports-'));
const chromium = findChromium(process.env.CHROMIUM_PATH);
const outcomes = await runBeside(staticChecks);
for (const step of [vitest('unit', reports), vitest('int', reports)]) outcomes.push(await runStep(step));
if ('path' in chromium) outcomes.push(await runStep(browser(chromium.path, reports)));
else {
  console.error(`Hostmesh: ${chromium.problem}`);
  outcomes.push({ passed: 0, failed: 1, skipped: 0 });
}
rmSync(reports, { recursive: true });

const { passed, failed, skipped } = total(outcomes);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
