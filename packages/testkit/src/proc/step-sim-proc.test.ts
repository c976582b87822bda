import { ok } from '@hostmesh/core';
import { printProcStatus } from '@hostmesh/core/reference';
import type { ProcSpec } from '@hostmesh/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aProcSpec } from '../testing/sim-spawn.ts';
import { dueAtMs, newSimProc, type SimProc } from './sim-proc.ts';
import { stepSimProc, type SimProcEvent } from './step-sim-proc.ts';

const EXIT_STEP_MS = 1000;
const terms = {
  procMeshId: 'w',
  hostMeshId: 'h',
  owner: { clientId: 'c', label: 'c' },
  configDigest: null,
  keep: false,
};
const aProc = (args: readonly string[], spec: Partial<ProcSpec> = {}): SimProc =>
  newSimProc({ ...terms, spec: aProcSpec(0, args, spec) }, 0);
const restart = (policy: 'never' | 'on_failure' | 'always', limit = 2) => ({
  restart: { policy, limit, backoffMs: 100, maxBackoffMs: 150, resetAfterMs: 60_000 },
});
const stop: SimProcEvent = { kind: 'stop', cause: 'requested', causeText: null, stepMs: EXIT_STEP_MS };

/** Every report until nothing more happens by itself, with events that happen at given times. */
function life(
  proc: SimProc,
  events: readonly (readonly [atMs: number, event: SimProcEvent])[] = [],
): SimProc[] {
  const all = [proc];
  const left = [...events];
  for (let now = proc; all.length < 200; all.push(now)) {
    const [next] = left;
    const dueMs = dueAtMs(now);
    if (next === undefined && dueMs === Infinity) break;
    const isEvent = next !== undefined && next[0] < dueMs;
    if (isEvent) left.shift();
    const [nowMs, event] = isEvent ? next : [dueMs, { kind: 'due' } as const];
    now = stepSimProc(now, event, { nowMs, exitStepMs: EXIT_STEP_MS, config: ok(null) });
  }
  return all;
}
const story = (...args: Parameters<typeof life>): string[] =>
  life(...args).map(
    ({ report }) => `${report.at} ${printProcStatus(report.status, report.at).replace(/ up .*/, '')}`,
  );

describe('a simulated proc', () => {
  test.each<[string[], Partial<ProcSpec>, string[]]>([
    [[], {}, ['0 Ready']],
    [['ready-after=50ms'], {}, ['50 Ready']],
    [['exit=0@1s'], {}, ['0 Ready', '1000 Stopped(exit=0)']],
    [['exit=3@1s'], {}, ['0 Ready', '1000 Stopped(exit=3)']],
    [['signal=SIGSEGV@1s'], {}, ['0 Ready', '1000 Killed(sig=11, core)']],
    [['never-ready'], { readyTimeoutMs: 500 }, ['500 Stopping', '500 Failed(not ready within 500ms)']],
    [
      ['never-ready', 'exit=3@1s'],
      { readiness: { kind: 'descriptor' } },
      ['1000 Failed(exited with code 3 before it was ready)'],
    ],
    [['missing=no such file'], {}, []],
    [['fly'], {}, []],
  ])('%j lives as it says', (args, spec, expected) => {
    const isMissing = expected.length === 0;
    const reason = args[0] === 'fly' ? "sim has no argument 'fly'" : 'no such file';
    expect(story(aProc(args, spec))).toEqual(
      isMissing
        ? ['0 Starting', `0 Failed(could not start: ${reason})`]
        : ['0 Starting', '0 Running', ...expected],
    );
  });

  test.each<[string[], string, string]>([
    [[], 'asked', '5000 Killed(sig=15)'],
    [['slow-stop=200ms'], 'asked', '5200 Stopped(exit=0)'],
    [['slow-stop=1500ms'], 'SIGTERM', '6500 Stopped(exit=0)'],
    [['ignore-term'], 'SIGKILL', '7000 Killed(sig=9)'],
    [['slow-stop=1m'], 'SIGKILL', '7000 Killed(sig=9)'],
  ])('%j is gone after the step %s of the ladder', (args, endedBy, end) => {
    const all = life(aProc(args), [[5000, stop]]);
    expect(story(aProc(args), [[5000, stop]]).slice(-2)).toEqual(['5000 Stopping', end]);
    expect(all.at(-1)?.report).toMatchObject({ endedBy, cause: 'requested', pid: null });
  });

  test('the first cause of a stop wins', () => {
    const again: SimProcEvent = { ...stop, cause: 'orphaned' };
    const all = life(aProc(['ignore-term']), [
      [5000, stop],
      [5001, again],
    ]);
    expect(all.at(-1)?.report).toMatchObject({ cause: 'requested' });
  });

  test('restarts with growing pauses as its policy says, then has ended for good', () => {
    const ends = (policy: 'never' | 'on_failure' | 'always', arg: string): (number | null)[] =>
      life(aProc([arg], restart(policy)))
        .map(({ report }) => report)
        .filter(({ exit }) => exit !== null)
        .map(({ restarts, at }) => (restarts.nextAt === null ? null : restarts.nextAt - at));
    expect(ends('never', 'exit=3@1s')).toEqual([null]);
    expect(ends('on_failure', 'exit=3@1s')).toEqual([100, 150, null]);
    expect(ends('on_failure', 'exit=0@1s')).toEqual([null]);
    expect(ends('always', 'exit=0@1s')).toEqual([100, 150, null]);
  });

  test('a stop during the pause ends it for good', () => {
    const all = life(aProc(['exit=3@1s'], restart('always')), [[1050, stop]]);
    expect(all.at(-1)?.report).toMatchObject({ at: 1050, cause: null, restarts: { count: 0, nextAt: null } });
  });

  test('ends with its agent unless it is kept, and then restarts if its policy says so', () => {
    const events = [[5000, { kind: 'agent_restarted' }]] as const;
    expect(life(aProc([]), events).at(-1)?.report).toMatchObject({
      status: { kind: 'Failed', reason: 'ended with its host agent' },
      cause: 'agent_ended',
    });
    expect(story(aProc([], restart('on_failure')), events).slice(-2)).toEqual(['5100 Running', '5100 Ready']);
    const kept = newSimProc({ ...terms, keep: true, spec: aProcSpec(0) }, 0);
    expect(life(kept, events).at(-1)?.report).toMatchObject({ status: { kind: 'Ready' }, adopted: true });
  });

  test('changes its state as often as it is told to, and is ready when that is over', () => {
    const flap: SimProcEvent = { kind: 'flap', everyMs: 100, untilMs: 2000 };
    const all = life(aProc([]), [
      [0, flap],
      [1, flap],
    ]);
    expect(all.at(-1)?.report).toMatchObject({ status: { kind: 'Ready' }, generation: 3 + 21 });
  });

  test('whatever happens, each report is one generation later than the one before, and time never goes back', () => {
    const event = fc.constantFrom<SimProcEvent>(
      stop,
      { kind: 'killed', signal: 'SIGKILL' },
      { kind: 'agent_restarted' },
      { kind: 'flap', everyMs: 50, untilMs: 500 },
    );
    const args = fc.subarray(['ready-after=50ms', 'exit=3@1s', 'ignore-term', 'never-ready', 'flap=5/s']);
    const times = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), event), { maxLength: 8 });
    const policy = fc.constantFrom('never', 'on_failure', 'always');
    fc.assert(
      fc.property(args, times, policy, (chosen, events, name) => {
        const sorted = [...events].sort(([a], [b]) => a - b);
        const reports = life(aProc(chosen, restart(name)), sorted).map(({ report }) => report);
        reports.reduce((before, after) => {
          expect(after.generation - before.generation).toBe(after === before ? 0 : 1);
          expect(after.at).toBeGreaterThanOrEqual(before.at);
          return after;
        });
      }),
    );
  });
});
