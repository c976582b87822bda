import type { StopCause } from '@hostmesh/core';
import { ProcReport, type ProcSpec } from '@hostmesh/protocol';
import { describe, expect, test } from 'vitest';
import { factsOf, readyProc, specOf } from '../testing/proc-fixtures.ts';
import { newProc, type AgentProc, type Stop } from './agent-proc.ts';
import { reportOf } from './proc-report.ts';
import { stepProc } from './step-proc.ts';
import type { ProcEvent } from './proc-event.ts';

const context = { nowMs: 2000, random: 0.5, stepMs: 100 };
const stopFor = (cause: StopCause, stepMs = 100): ProcEvent => ({
  kind: 'stop',
  stop: { cause, causeText: `because ${cause}`, stepMs },
});
const exited = (code: number | null, signal: string | null = null): ProcEvent => ({
  kind: 'exited',
  exit: { code, signal, coreDumped: false },
});
const started: ProcEvent = { kind: 'started', pid: 42, startTicks: 7, configDigest: null, adopted: false };
const ready: ProcEvent = { kind: 'became_ready', address: null };
const gone: ProcEvent = { kind: 'members_gone' };
const notFound = (reason: string) => ({ code: 'not_found', reason, isFinal: true });
const finished: ProcEvent = { kind: 'finished', stderrTail: ['last words'], leftover: 0, startFault: null };
const ladder: ProcEvent = { kind: 'timer', timer: 'ladder' };
const restartNow: ProcEvent = { kind: 'timer', timer: 'restart' };

const fresh = (changes: Partial<ProcSpec> = {}) => newProc(factsOf(specOf('p', changes)), 1000);
const after = (proc: AgentProc, ...events: ProcEvent[]) =>
  events.reduce((current, event) => stepProc(current, event, context)[0], proc);
const commandsOf = (proc: AgentProc, event: ProcEvent) => stepProc(proc, event, context)[1];
const always: Partial<ProcSpec> = {
  restart: { policy: 'always', limit: 2, backoffMs: 10, maxBackoffMs: 15, resetAfterMs: 60_000 },
};

describe('an end that nobody asked for', () => {
  test.each([
    ['exit 0', exited(0), { kind: 'Stopped', exitCode: 0 }],
    ['exit 3', exited(3), { kind: 'Stopped', exitCode: 3 }],
    ['a signal', exited(null, 'SIGSEGV'), { kind: 'Killed', signal: 'SIGSEGV', coreDumped: false }],
  ])('%s is told as it was, with the last words and no cause', (_what, exit, status) => {
    const proc = after(fresh(), started, ready, exit, finished);
    expect(reportOf(proc)).toMatchObject({
      status,
      cause: null,
      endedBy: null,
      stderrTail: ['last words'],
      pid: 42,
    });
  });

  test('before a readiness that it had to show is a failure, even with 0', () => {
    const spec: Partial<ProcSpec> = { readiness: { kind: 'descriptor' } };
    expect(reportOf(after(fresh(spec), started, exited(0), finished)).status).toEqual({
      kind: 'Failed',
      reason: 'exited with code 0 before it was ready',
    });
  });

  test('is not told before its output is read, and its group is swept first', () => {
    const running = after(fresh(), started, ready);
    expect(commandsOf(running, exited(0))).toContainEqual({
      kind: 'finish',
      exit: { code: 0, signal: null, coreDumped: false },
    });
    const closing = after(running, exited(0));
    expect(reportOf(closing)).toEqual(reportOf(running));
  });

  test('of a program that could not be started says why', () => {
    const proc = after(fresh(), { kind: 'start_failed', fault: notFound("no program 'x' on this host") });
    expect(reportOf(proc).status).toEqual({
      kind: 'Failed',
      reason: "could not start: no program 'x' on this host",
    });
  });

  test('is told without NUL, which databases refuse', () => {
    const proc = after(fresh(), { kind: 'start_failed', fault: notFound("no program '\0' on this host") });
    expect(reportOf(proc).status).toMatchObject({
      reason: "could not start: no program '\uFFFD' on this host",
    });
  });
});

test('an address with the longest path of a readiness has room in a report', () => {
  const address = `http://127.0.0.1:65535/${'a'.repeat(999)}`;
  const report = reportOf(after(fresh(), started, { kind: 'became_ready', address }));
  expect(ProcReport.parse(report).status).toMatchObject({ kind: 'Ready', address });
});

describe('the stop ladder', () => {
  const stopping = after(readyProc, stopFor('requested'));

  test('asks the leader, then the group, then kills the group, a step at a time', () => {
    expect(commandsOf(readyProc, stopFor('requested'))).toEqual([
      { kind: 'end_readiness' },
      { kind: 'signal', to: 'leader', signal: 'SIGTERM' },
      { kind: 'watch_members' },
      { kind: 'set_timer', timer: 'ladder', ms: 100 },
    ]);
    expect(commandsOf(stopping, ladder)).toEqual([
      { kind: 'signal', to: 'members', signal: 'SIGTERM' },
      { kind: 'set_timer', timer: 'ladder', ms: 100 },
    ]);
    expect(commandsOf(after(stopping, ladder), ladder)).toEqual([
      { kind: 'signal', to: 'members', signal: 'SIGKILL' },
    ]);
    expect(commandsOf(after(stopping, ladder, ladder), ladder)).toEqual([]);
  });

  test.each([
    ['asked', [], 'SIGTERM'],
    ['SIGTERM', [ladder], 'SIGTERM'],
    ['SIGKILL', [ladder, ladder], 'SIGKILL'],
  ] as const)('tells that %s ended the group, whichever is heard of first', (step, events, signal) => {
    for (const ends of [
      [exited(null, signal), gone],
      [gone, exited(null, signal)],
    ]) {
      const proc = after(stopping, ...events, ...ends, finished);
      expect(reportOf(proc)).toMatchObject({
        status: { kind: 'Killed', signal },
        cause: 'requested',
        causeText: 'because requested',
        endedBy: step,
      });
    }
  });

  test('waits for the whole group, not for its leader, and asks orphaned members soon', () => {
    const left = after(after(readyProc, stopFor('requested', 10_000)), exited(0));
    expect(reportOf(left).status.kind).toBe('Stopping');
    expect(commandsOf(after(readyProc, stopFor('requested', 10_000)), exited(0))).toEqual([
      { kind: 'set_timer', timer: 'ladder', ms: 500 },
    ]);
  });

  test('keeps the first cause, takes the fastest pace, and is told once', () => {
    const hurried = after(stopping, stopFor('drained', 20), stopFor('orphaned', 5000));
    expect(reportOf(hurried)).toEqual(reportOf(stopping));
    expect(commandsOf(stopping, stopFor('drained', 20))).toEqual([
      { kind: 'set_timer', timer: 'ladder', ms: 20 },
    ]);
    expect(commandsOf(hurried, ladder)).toContainEqual({ kind: 'set_timer', timer: 'ladder', ms: 20 });
  });

  test('begins when the process is there, if it was still being started', () => {
    const starting = after(fresh(), stopFor('rolled_back'));
    expect(reportOf(starting)).toMatchObject({
      status: { kind: 'Stopping' },
      cause: 'rolled_back',
      pid: null,
    });
    expect(commandsOf(starting, started)).toContainEqual({ kind: 'signal', to: 'leader', signal: 'SIGTERM' });
  });

  test('ends a process that is not ready in time, and says so', () => {
    const spec: Partial<ProcSpec> = { readiness: { kind: 'tcp', port: 1 }, readyTimeoutMs: 30_000 };
    const late = after(fresh(spec), started, { kind: 'timer', timer: 'ready' });
    expect(reportOf(late)).toMatchObject({ status: { kind: 'Stopping' }, cause: 'not_ready' });
    expect(reportOf(after(late, exited(0), gone, finished))).toMatchObject({
      status: { kind: 'Failed', reason: 'not ready within 30s' },
      cause: 'not_ready',
      endedBy: 'asked',
      exit: { code: 0 },
    });
  });
});

describe('the restart policy', () => {
  const crash = (proc: AgentProc) => after(proc, exited(3), finished);
  const again: ProcEvent = { kind: 'timer', timer: 'restart' };

  test('starts again after a pause that doubles up to its limit, then gives up for good', () => {
    let proc = crash(after(fresh(always), started));
    expect(reportOf(proc)).toMatchObject({ status: { exitCode: 3 }, restarts: { count: 0, nextAt: 2010 } });
    expect(commandsOf(proc, again)).toEqual([{ kind: 'launch', leftover: 0 }]);
    proc = crash(after(proc, again, started));
    expect(reportOf(proc).restarts).toEqual({ count: 1, nextAt: 2015 });
    proc = crash(after(proc, again, started));
    expect(reportOf(proc).restarts).toEqual({ count: 2, nextAt: null });
  });

  test('tells from its next start on how the run before ended, whatever comes of that one', () => {
    const restart: ProcEvent = { kind: 'timer', timer: 'restart' };
    const waiting = after(fresh(always), started, ready, exited(3), finished);
    expect(reportOf(waiting).formerEnd).toBeNull();
    const formerEnd = { at: 2000, status: { kind: 'Stopped', exitCode: 3 }, stderrTail: ['last words'] };
    const again = after(waiting, restart);
    expect(reportOf(again)).toMatchObject({ status: { kind: 'Starting' }, stderrTail: [], formerEnd });
    expect(reportOf(after(again, started, stopFor('requested'), exited(0), gone, finished))).toMatchObject({
      cause: 'requested',
      formerEnd,
    });
    const failed = after(again, { kind: 'start_failed', fault: notFound('gone') });
    expect(reportOf(failed)).toMatchObject({ status: { kind: 'Failed' }, formerEnd });
  });

  test('counts anew after a process that was ready for long', () => {
    const proc = after(fresh(always), started, exited(3), finished, again, started, ready);
    const [ended] = [exited(3), finished].reduce(
      ([current], event) => stepProc(current, event, { ...context, nowMs: 100_000 }),
      // The empty list alone has no type of commands.
      [proc, []] as ReturnType<typeof stepProc>,
    );
    expect(reportOf(ended).restarts.count).toBe(0);
  });

  test('on_failure leaves good ends alone, and takes up procs that were not ready or went with their agent', () => {
    const policy: Partial<ProcSpec> = {
      restart: { policy: 'on_failure', limit: 1, backoffMs: 10, maxBackoffMs: 10, resetAfterMs: 1 },
    };
    const nextAtOf = (...events: ProcEvent[]) => reportOf(after(fresh(policy), ...events)).restarts.nextAt;
    expect(nextAtOf(started, exited(0), finished)).toBeNull();
    expect(nextAtOf(started, { kind: 'timer', timer: 'ready' }, exited(0), gone, finished)).not.toBeNull();
    expect(nextAtOf(started, stopFor('agent_ended'), exited(0), gone, finished)).not.toBeNull();
    expect(nextAtOf(started, { kind: 'lost', stderrTail: [], leftover: 0 })).not.toBeNull();
  });

  test.each(['requested', 'drained', 'shut_down', 'orphaned', 'rolled_back'] as const)(
    'never undoes an end that was asked for: %s, before or during the end',
    (cause) => {
      const running = after(fresh(always), started, ready);
      for (const events of [
        [stopFor(cause), exited(3), gone, finished],
        [exited(3), stopFor(cause), finished],
        [exited(3), finished, stopFor(cause)],
        [{ kind: 'timer', timer: 'ready' }, stopFor(cause), exited(3), gone, finished],
      ] satisfies ProcEvent[][]) {
        expect(after(running, ...events).state.kind).toBe('ended');
      }
    },
  );

  test('an end keeps its own story when only its restart was called off', () => {
    const proc = after(fresh(always), started, exited(3), finished, stopFor('requested'));
    expect(reportOf(proc)).toMatchObject({
      status: { exitCode: 3 },
      cause: null,
      restarts: { nextAt: null },
    });
  });
});

describe('after a restart of the agent', () => {
  test('a kept process goes on as it was, and is told to be adopted', () => {
    const [proc, commands] = stepProc(readyProc, { kind: 'adopted' }, context);
    expect(reportOf(proc)).toMatchObject({ status: { kind: 'Ready' }, adopted: true, generation: 2 });
    expect(commands).toEqual([{ kind: 'watch_exit' }]);
  });

  test('a kept process that is not ready yet has time to show that it is, however long its agent was away', () => {
    const spec: Partial<ProcSpec> = { readiness: { kind: 'tcp', port: 1 }, readyTimeoutMs: 30_000 };
    const running = after(fresh(spec), started);
    const leftAfter = (awayMs: number) => {
      const late = { ...context, nowMs: context.nowMs + awayMs };
      return stepProc(running, { kind: 'adopted' }, late)[1].find(({ kind }) => kind === 'set_timer');
    };
    expect(leftAfter(10_000)).toMatchObject({ timer: 'ready', ms: 20_000 });
    expect(leftAfter(29_999)).toMatchObject({ timer: 'ready', ms: 2000 });
    expect(leftAfter(3_600_000)).toMatchObject({ timer: 'ready', ms: 2000 });
  });

  test('a process whose start nobody could tell of is adopted, and stopped if somebody wanted that', () => {
    const found: ProcEvent = { kind: 'started', pid: 42, startTicks: 7, configDigest: null, adopted: true };
    const starting = after(fresh(), stopFor('requested'));
    const [proc, commands] = stepProc(starting, found, context);
    expect(reportOf(proc)).toMatchObject({
      status: { kind: 'Stopping' },
      cause: 'requested',
      adopted: true,
      pid: 42,
      generation: starting.generation + 1,
    });
    expect(commands).toContainEqual({ kind: 'signal', to: 'leader', signal: 'SIGTERM' });
  });

  test('a stop that was under way starts over', () => {
    const stop: Stop = { cause: 'requested', causeText: 'x', stepMs: 100 };
    const stopping = after(readyProc, { kind: 'stop', stop }, ladder);
    expect(commandsOf(stopping, { kind: 'adopted' })).toContainEqual({
      kind: 'signal',
      to: 'leader',
      signal: 'SIGTERM',
    });
  });

  test.each([
    [false, 'ended with its host agent', 'agent_ended'],
    [true, 'ended while its host agent was away', null],
  ])('a process that is gone has failed (kept: %s): %s', (keep, reason, cause) => {
    const proc = { ...readyProc, facts: { ...readyProc.facts, keep } };
    expect(reportOf(after(proc, { kind: 'lost', stderrTail: ['x'], leftover: 0 }))).toMatchObject({
      status: { kind: 'Failed', reason },
      cause,
      stderrTail: ['x'],
    });
  });

  test('an adopted process whose exit nobody could see has not simply stopped', () => {
    const adopted = after(readyProc, { kind: 'adopted' });
    expect(reportOf(after(adopted, exited(null), finished)).status.kind).toBe('Failed');
    const asked = after(adopted, stopFor('requested'), exited(null), gone, finished);
    expect(reportOf(asked)).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGTERM' },
      cause: 'requested',
    });
  });
});

describe('a start without the config of its mesh', () => {
  const missing = (reason: string): ProcEvent => ({ kind: 'config_missing', reason });
  const held = after(fresh(always), started, ready, exited(0), finished, restartNow, missing('needs a'));

  test('waits, and says what for', () => {
    expect(reportOf(held)).toMatchObject({ status: { kind: 'Starting' }, waitsFor: 'needs a', pid: null });
    expect(reportOf(after(held, missing('needs b')))).toMatchObject({
      waitsFor: 'needs b',
      generation: held.generation + 1,
    });
    expect(after(held, missing('needs a'))).toBe(held);
  });

  test.each([{ kind: 'config_installed' }, { kind: 'adopted' }] as const)(
    'is made as soon as $kind, and counts once',
    (event) => {
      expect(commandsOf(held, event)).toEqual([{ kind: 'launch', leftover: 0 }]);
      const again = after(held, event, { ...started, configDigest: 'sha256:1' });
      expect(reportOf(again)).toMatchObject({
        waitsFor: null,
        configDigest: 'sha256:1',
        restarts: { count: 1, nextAt: null },
      });
    },
  );

  test('is given up by whoever stops it, and not by the end of its agent', () => {
    expect(reportOf(after(held, stopFor('requested')))).toMatchObject({
      status: { kind: 'Failed', reason: 'could not start: needs a' },
      cause: 'requested',
      restarts: { nextAt: null },
    });
    expect(after(held, stopFor('agent_ended'))).toBe(held);
    const stopped = after(fresh(), stopFor('requested'), missing('needs a'));
    expect(reportOf(stopped)).toMatchObject({ cause: 'requested', restarts: { nextAt: null } });
  });
});
