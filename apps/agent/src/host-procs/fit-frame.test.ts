import type { ProcReport } from '@hostmesh/protocol';
import { expect, test } from 'vitest';
import { reportOf } from '../proc/report.ts';
import { readyProc } from '../testing/proc-fixtures.ts';
import { fitFrame } from './fit-frame.ts';

const ready = reportOf(readyProc);
const ended = (index: number): ProcReport => ({
  ...ready,
  procId: `ended-${index}`,
  at: index,
  status: { kind: 'Failed', reason: 'r'.repeat(300) },
  stderrTail: ['x'.repeat(500)],
});
const reports = [ready, ...Array.from({ length: 10 }, (_, index) => ended(index))];
const sizeOf = (each: readonly ProcReport[]) => JSON.stringify(each).length;

test('reports that fit are told whole', () => {
  expect(fitFrame(reports)).toEqual(reports);
});

test('the last lines of output go first, then long texts, then the oldest ends; what lives stays', () => {
  const bare = fitFrame(reports, sizeOf(reports) - 100);
  expect(bare.map(({ procId }) => procId)).toEqual(reports.map(({ procId }) => procId));
  expect(bare.every(({ stderrTail }) => stderrTail.length === 0)).toBe(true);

  const terse = fitFrame(reports, sizeOf(bare) - 100);
  expect(terse).toHaveLength(reports.length);
  expect(terse[1]?.status).toMatchObject({ reason: 'r'.repeat(100) });

  const fewer = fitFrame(reports, sizeOf(terse) / 2);
  expect(sizeOf(fewer)).toBeLessThan(sizeOf(terse) / 2);
  expect(fewer[0]).toMatchObject({ status: { kind: 'Ready' } });
  expect(fewer.at(-1)?.procId).toBe('ended-9');
  expect(fewer.some(({ procId }) => procId === 'ended-0')).toBe(false);
});
