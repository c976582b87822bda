import type { ProcReport } from '@hostmesh/protocol';
import { expect, test } from 'vitest';
import { reportOf } from '../proc/proc-report.ts';
import { readyProc } from '../testing/proc-fixtures.ts';
import { fitFrame, fitPast } from './fit-frame.ts';

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

test('what waits or runs is told without texts before any of it is left out, and that happens only at the last', () => {
  const ids = { procMeshId: 'm'.repeat(100), hostMeshId: 'h'.repeat(100) };
  const beside = { owner: { clientId: 'c'.repeat(100), label: 'é'.repeat(200) }, program: 'p'.repeat(300) };
  const waiting = Array.from({ length: 1000 }, (_, index) => ({
    ...ended(index),
    ...ids,
    ...beside,
    procId: `${index}`.padEnd(100, 'x'),
    restarts: { count: 1, nextAt: 5000 },
  }));
  const told = fitFrame(waiting);
  expect(told).toHaveLength(1000);
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(900_000);

  const longReady = {
    ...ready,
    status: { ...ready.status, address: `http://127.0.0.1:80/${'a'.repeat(999)}` },
  };
  const few = fitFrame([longReady, ...waiting], 1500);
  expect(few[0]).toMatchObject({ procId: ready.procId, status: { kind: 'Ready', address: null } });
  expect(few.slice(1).map(({ at }) => at)).toEqual([999]);
  expect(fitFrame([longReady, ...waiting], 10)).toEqual([]);
});

test('of the past the latest is told, oldest first, and no more than has room beside the present', () => {
  const past = [5, 6, 7].flatMap((at) => [1, 2].map((generation) => ({ ...ended(at), generation })));
  const told = (maxBytes?: number) =>
    fitPast(past, reports, maxBytes).map(({ at, generation }) => [at, generation]);
  expect(told()).toEqual(past.map(({ at, generation }) => [at, generation]));
  expect(told(sizeOf(reports) + 2.5 * sizeOf(past.slice(0, 1)))).toEqual([
    [7, 1],
    [7, 2],
  ]);
  expect(told(0)).toEqual([]);
});
