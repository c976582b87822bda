import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endKindOf, endKinds, judgeEnds, noEnds, type EndKind, type ReportedEnd } from './judge-ends.ts';
import { stopCauses, type StopCause } from './proc-status.ts';

const exited = (exitCode: number, cause: StopCause | null = null): ReportedEnd => ({
  status: { kind: 'Stopped', exitCode },
  cause,
  exit: { code: exitCode, signal: null },
});
const killed = (signal: string, cause: StopCause | null = null): ReportedEnd => ({
  status: { kind: 'Killed', signal, coreDumped: false },
  cause,
  exit: { code: null, signal },
});
const failed = (cause: StopCause | null, exit: ReportedEnd['exit']): ReportedEnd => ({
  status: { kind: 'Failed', reason: 'x' },
  cause,
  exit,
});
const unseen = { code: null, signal: null };

describe('the end of a proc', () => {
  test.each<[string, ReportedEnd, EndKind | null]>([
    ['exited with 0', exited(0), 'succeeded'],
    ['exited with 3', exited(3), 'failed'],
    ['killed by somebody else', killed('SIGKILL'), 'failed'],
    ['exited with 0 when it was stopped', exited(0, 'requested'), 'stopped'],
    ['exited with 1 when it was stopped', exited(1, 'requested'), 'stopped'],
    ['killed by our SIGTERM', killed('SIGTERM', 'requested'), 'stopped'],
    ['killed by our SIGKILL in a drain', killed('SIGKILL', 'drained'), 'stopped'],
    ['stopped as orphan', killed('SIGTERM', 'orphaned'), 'stopped'],
    ['stopped since another rank failed', killed('SIGTERM', 'rolled_back'), 'stopped'],
    ['not ready in time', failed('not_ready', { code: null, signal: 'SIGTERM' }), 'failed'],
    ['ended with its agent', failed('agent_ended', unseen), 'failed'],
    ['could not be started', failed(null, null), 'failed'],
    ['exited with 0 before it was ready', failed(null, { code: 0, signal: null }), 'failed'],
    ['gone while no agent saw it', failed(null, unseen), 'lost'],
    ['not ended', { status: { kind: 'Stopping', startedAtMs: 1 }, cause: 'requested', exit: null }, null],
  ])('%s', (_, report, end) => expect(endKindOf(report)).toBe(end));
});

const ends = fc.array(fc.constantFrom<EndKind | null>(...endKinds, null), { minLength: 1, maxLength: 12 });
const judged = (procs: readonly (EndKind | null)[]) => {
  const counts = { ...noEnds };
  for (const end of procs) if (end !== null) counts[end] += 1;
  return judgeEnds(counts, procs.length);
};

describe('the end of a proc mesh', () => {
  test.each<[readonly (EndKind | null)[], EndKind]>([
    [['succeeded', 'succeeded'], 'succeeded'],
    [['succeeded', 'failed', 'failed', 'failed'], 'failed'],
    [['failed', 'stopped', 'stopped'], 'failed'],
    [['failed', 'lost'], 'failed'],
    [['succeeded', 'stopped'], 'stopped'],
    [['stopped', 'stopped'], 'stopped'],
    [['succeeded', 'lost'], 'lost'],
    [['stopped', null], 'lost'],
  ])('%j is %s', (procs, end) => expect(judged(procs)).toBe(end));

  test('has failed as soon as one proc has, whoever stops the rest, and however the others end', () => {
    fc.assert(
      fc.property(ends, (procs) => {
        expect(judged([...procs, 'failed'])).toBe('failed');
      }),
    );
  });

  test('is a success only when each proc is, and is known to be one', () => {
    fc.assert(
      fc.property(ends, (procs) => {
        expect(judged(procs) === 'succeeded').toBe(procs.every((end) => end === 'succeeded'));
      }),
    );
  });

  test('is not known only where nothing is known to have failed, and some end is not known', () => {
    fc.assert(
      fc.property(ends, (procs) => {
        const isOpen = procs.some((end) => end === null || end === 'lost') && !procs.includes('failed');
        expect(judged(procs) === 'lost').toBe(isOpen);
      }),
    );
  });

  test('does not depend on the order, and what one more proc brings to light never makes it better', () => {
    const badness: readonly EndKind[] = ['succeeded', 'stopped', 'lost', 'failed'];
    fc.assert(
      fc.property(ends, fc.constantFrom(...endKinds), (procs, more) => {
        expect(judged(procs.toReversed())).toBe(judged(procs));
        expect(badness.indexOf(judged([...procs, more]))).toBeGreaterThanOrEqual(
          badness.indexOf(judged(procs)),
        );
      }),
    );
  });

  test('that we brought about is a stop, but for patience that ran out and an agent that left', () => {
    const blamed: readonly StopCause[] = ['not_ready', 'agent_ended'];
    for (const cause of stopCauses)
      expect(endKindOf(killed('SIGTERM', cause))).toBe(blamed.includes(cause) ? 'failed' : 'stopped');
  });
});
