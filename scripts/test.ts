// `npm test`: lint, types, unit, integration and browser tests, ending with one line that counts every test. Two lanes for two
// cores, which take about as long.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as checks from './checks/checks.ts';
import { findChromium } from './checks/chromium.ts';
import { conclude, runLane, type Outcome } from './checks/run-check.ts';

const { dashboard, deadCode, format, lint, structure, types, vitest, webTypes } = checks;
const reports = mkdtempSync(join(tmpdir(), 'hostmesh-reports-'));
const chromium = findChromium(process.env.CHROMIUM_PATH);
const lanes = await Promise.all([
  runLane([
    lint,
    types,
    webTypes,
    structure,
    deadCode,
    format,
    vitest('unit', reports),
    vitest('int', reports),
  ]),
  runLane([dashboard]).then(async (built) => [...built, ...(await browserTests())]),
]);
rmSync(reports, { recursive: true });
conclude(lanes.flat());

async function browserTests(): Promise<Outcome[]> {
  const found = await chromium;
  if ('path' in found) return runLane([checks.browser(found.path, reports)]);
  console.error(`Hostmesh: ${found.problem}`);
  return [{ passed: 0, failed: 1, skipped: 0 }];
}
