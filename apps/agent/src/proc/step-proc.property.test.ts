import { stopCauses } from '@hostmesh/core';
import { ProcReport } from '@hostmesh/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf, specOf } from '../testing/proc-fixtures.ts';
import { newProc, type AgentProc } from './agent-proc.ts';
import { reportOf } from './proc-report.ts';
import { stepProc } from './step-proc.ts';
import type { ProcEvent } from './proc-event.ts';

const stop = fc.record({
  cause: fc.constantFrom(...stopCauses),
  causeText: fc.constant('x'),
  stepMs: fc.nat(1000),
});
const anyEvent: fc.Arbitrary<ProcEvent> = fc.oneof(
  fc.constant<ProcEvent>({ kind: 'started', pid: 42, startTicks: 7, configDigest: null, adopted: false }),
  fc
    .boolean()
    .map((isFinal): ProcEvent => ({ kind: 'start_failed', fault: { code: 'x', reason: 'x', isFinal } })),
  fc.constant<ProcEvent>({ kind: 'became_ready', address: null }),
  fc.constantFrom<ProcEvent>(
    { kind: 'exited', exit: { code: 3, signal: null, coreDumped: false } },
    { kind: 'exited', exit: { code: 0, signal: null, coreDumped: false } },
    { kind: 'exited', exit: { code: null, signal: 'SIGKILL', coreDumped: false } },
    { kind: 'exited', exit: { code: null, signal: null, coreDumped: false } },
  ),
  fc.constantFrom(null, 'x').map((why): ProcEvent => ({ kind: 'waits_for', why })),
  fc.constant<ProcEvent>({ kind: 'members_gone' }),
  fc.nat(2).map((leftover): ProcEvent => ({ kind: 'finished', stderrTail: [], leftover, startFault: null })),
  fc.nat(2).map((count): ProcEvent => ({ kind: 'leftover', count })),
  fc.constant<ProcEvent>({ kind: 'finished', stderrTail: [], leftover: 0, startFault: null }),
  fc.constantFrom('ready', 'ladder', 'restart').map((timer): ProcEvent => ({ kind: 'timer', timer })),
  stop.map((each): ProcEvent => ({ kind: 'stop', stop: each })),
  fc.constantFrom<ProcEvent>({ kind: 'adopted' }, { kind: 'lost', stderrTail: [], leftover: 0 }),
);
const anyProc = fc
  .record({
    policy: fc.constantFrom('never', 'on_failure', 'always'),
    limit: fc.nat(3),
    keep: fc.boolean(),
    waits: fc.boolean(),
  })
  .map(({ policy, limit, keep, waits }): AgentProc => {
    const restart = { policy, limit, backoffMs: 10, maxBackoffMs: 50, resetAfterMs: 500 };
    const readiness = waits ? { kind: 'descriptor' as const } : { kind: 'alive' as const, forMs: 0 };
    return newProc(factsOf(specOf('p', { restart, readiness }), keep), 0);
  });

/** What a report says apart from when. */
const shown = (proc: AgentProc) => {
  const { generation: _generation, at: _at, ...rest } = reportOf(proc);
  return rest;
};

test('in whatever order things happen, the generation grows by one with every change that a report shows, and never by more', () => {
  fc.assert(
    fc.property(anyProc, fc.array(anyEvent, { maxLength: 40 }), (first, events) => {
      let proc = first;
      events.forEach((event, index) => {
        const context = { nowMs: index * 100, random: 0.5, stepMs: 10 };
        const [next] = stepProc(proc, event, context);
        const hasChanged = JSON.stringify(shown(next)) !== JSON.stringify(shown(proc));
        if (hasChanged) expect(next.generation).toBe(proc.generation + 1);
        else expect(next.generation - proc.generation).toBeLessThanOrEqual(1);
        expect(ProcReport.safeParse(reportOf(next)).error).toBeUndefined();
        proc = next;
      });
    }),
    { numRuns: 2000 },
  );
});

test('an end for good is final, keeps its cause, and never exceeds the restarts allowed', () => {
  fc.assert(
    fc.property(anyProc, fc.array(anyEvent, { maxLength: 60 }), (first, events) => {
      let proc = first;
      events.forEach((event, index) => {
        const context = { nowMs: index * 100, random: 0.5, stepMs: 10 };
        const [next, commands] = stepProc(proc, event, context);
        if (proc.state.kind === 'ended') {
          expect(next).toBe(proc);
          expect(commands).toEqual([]);
        }
        expect(next.restarts).toBeLessThanOrEqual(proc.facts.spec.restart.limit);
        proc = next;
      });
    }),
    { numRuns: 2000 },
  );
});

test('whatever happened before, a stop is followed by an end once the process goes', () => {
  const ends: ProcEvent[] = [
    { kind: 'stop', stop: { cause: 'requested', causeText: 'x', stepMs: 10 } },
    { kind: 'started', pid: 42, startTicks: 7, configDigest: null, adopted: false },
    { kind: 'exited', exit: { code: 0, signal: null, coreDumped: false } },
    { kind: 'members_gone' },
    { kind: 'finished', stderrTail: [], leftover: 0, startFault: null },
    { kind: 'leftover', count: 0 },
  ];
  fc.assert(
    fc.property(anyProc, fc.array(anyEvent, { maxLength: 40 }), (first, events) => {
      const context = { nowMs: 0, random: 0.5, stepMs: 10 };
      const proc = [...events, ...ends].reduce(
        (current, event) => stepProc(current, event, context)[0],
        first,
      );
      expect(proc.state.kind).toBe('ended');
    }),
    { numRuns: 2000 },
  );
});
