import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clampMin,
  compareStatuses,
  isFailure,
  isHealthy,
  isTerminated,
  isTerminating,
  parseStatus,
  printStatus,
  sameStatus,
  satisfiesWait,
  type Status,
} from './status.ts';

const status = (text: string): Status => {
  const parsed = parseStatus(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

test.each([
  ['NotExist', []],
  ['Unknown', []],
  ['Initializing', ['healthy']],
  ['Running', ['healthy']],
  ['Stopping', ['terminating']],
  ['Stopped', ['terminating', 'terminated']],
  ['Failed(text)', ['terminating', 'terminated', 'failure']],
  ['Timeout(60s)', ['terminating', 'terminated', 'failure']],
  ['Timeout(30.001s)', ['terminating', 'terminated', 'failure']],
])('%s is %j', (text, expected) => {
  const of = status(text);
  const facts = {
    terminating: isTerminating(of),
    terminated: isTerminated(of),
    failure: isFailure(of),
    healthy: isHealthy(of),
  };
  expect(Object.entries(facts).flatMap(([name, holds]) => (holds ? [name] : []))).toEqual(expected);
  expect(printStatus(of)).toBe(text);
});

test.each([
  ['Running', 'Stopping', 'Stopping'],
  ['Unknown', 'Stopped', 'Stopped'],
  ['Failed(x)', 'Stopping', 'Failed(x)'],
  ['Running', 'Running', 'Running'],
  ['Initializing', 'Running', 'Initializing'],
])('%s clamped to %s is %s', (from, floor, expected) => {
  expect(printStatus(clampMin(status(from), status(floor)))).toBe(expected);
});

describe('order', () => {
  test('follows the life of a proc, with Unknown before everything', () => {
    const order = [
      'Unknown',
      'NotExist',
      'Initializing',
      'Running',
      'Stopping',
      'Stopped',
      'Failed(x)',
      'Timeout(1s)',
    ];
    expect(order.map(status).toReversed().sort(compareStatuses).map(printStatus)).toEqual(order);
  });

  test('decides when a wait is over, and Unknown ends none', () => {
    expect(satisfiesWait(status('Running'), status('Running'))).toBe(true);
    expect(satisfiesWait(status('Failed(x)'), status('Running'))).toBe(true);
    expect(satisfiesWait(status('Initializing'), status('Running'))).toBe(false);
    expect(satisfiesWait(status('Unknown'), status('Running'))).toBe(false);
    expect(satisfiesWait(status('Unknown'), status('Stopped'))).toBe(false);
  });
});

describe('text', () => {
  test.each(['', 'running', 'Failed', 'Failed(x', 'Timeout', 'Timeout(60)', 'Timeout(1.2345s)', 'Running '])(
    '%j is refused',
    (text) => {
      expect(parseStatus(text)).toMatchObject({ ok: false, fault: { code: 'invalid_status' } });
    },
  );

  test('printed reads back to the same status', () => {
    const arbitrary: fc.Arbitrary<Status> = fc.oneof(
      fc
        .constantFrom('NotExist', 'Initializing', 'Running', 'Stopping', 'Stopped', 'Unknown')
        .map((kind) => ({ kind })),
      fc.string().map((reason) => ({ kind: 'Failed' as const, reason })),
      fc.nat().map((afterMs) => ({ kind: 'Timeout' as const, afterMs })),
    );
    fc.assert(
      fc.property(arbitrary, (of) => {
        expect(parseStatus(printStatus(of))).toEqual({ ok: true, value: of });
      }),
    );
  });

  test('tells reasons apart', () => {
    expect(sameStatus(status('Failed(a)'), status('Failed(a)'))).toBe(true);
    expect(sameStatus(status('Failed(a)'), status('Failed(b)'))).toBe(false);
  });
});
