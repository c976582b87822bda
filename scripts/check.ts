// `pnpm check`: what to run before every commit; half a minute. Two lanes for two cores.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadCode, format, lint, structure, types, vitest, webTypes } from './checks/checks.ts';
import { conclude, runLane } from './checks/run-check.ts';

const reports = mkdtempSync(join(tmpdir(), 'hostmesh-reports-'));
const lanes = await Promise.all([
  runLane([lint, webTypes, structure, deadCode, format]),
  runLane([types, vitest('unit', reports)]),
]);
rmSync(reports, { recursive: true });
conclude(lanes.flat());
