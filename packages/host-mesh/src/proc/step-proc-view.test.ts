import type { ProcReport } from '@hostmesh/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observeProc } from './proc-board.ts';
import { isFinalView, type ProcView, type ProcViewEvent } from './proc-view.ts';
import { stepProcView } from './step-proc-view.ts';

const place = { rank: 0, hostRank: 0, procId: 'p-0' };
const awaited = { kind: 'awaited', since: 0 } as const;

const report = (generation: number, fields: Partial<ProcReport> = {}): ProcReport => ({
  ...place,
  procMeshId: 'p',
  hostMeshId: 'h',
  generation,
  at: generation,
  status: { kind: 'Ready', startedAtMs: 0, address: null },
  startFault: null,
  leftover: 0,
  formerEnd: null,
  cause: null,
  causeText: null,
  endedBy: null,
  exit: null,
  pid: 1,
  startedAt: 0,
  restarts: { count: 0, nextAt: null },
  configDigest: null,
  waitsFor: null,
  stderrTail: [],
  keep: false,
  adopted: false,
  ...fields,
});
const crashed = { status: { kind: 'Killed', signal: 'SIGKILL', coreDumped: false } } as const;
const said = (of: ProcReport): ProcViewEvent => ({ kind: 'reported', report: of, at: 100 });
const missed: ProcViewEvent = { kind: 'host_missed', why: 'silent', at: 200 };
const heard: ProcViewEvent = { kind: 'host_heard', at: 300 };
const missing: ProcViewEvent = { kind: 'missing', reason: 'its host does not have it', at: 400 };
const refused: ProcViewEvent = { kind: 'refused', reason: 'could not start', at: 400 };
const late: ProcViewEvent = { kind: 'deadline_passed', afterMs: 1_000, at: 400 };

const viewAfter = (events: readonly ProcViewEvent[]) =>
  events.reduce<ProcView>((view, event) => stepProcView(view, event, 5), awaited);
const shown = (...events: ProcViewEvent[]) => {
  const { status, text, generation, source, since } = observeProc(place, viewAfter(events), null);
  return [status.kind, text, generation, source, since];
};

describe('of a proc that fails in run after run', () => {
  const exit = { code: 1, signal: null, coreDumped: false };
  const crash = { at: 7, cause: null, causeText: null, endedBy: null, exit, stderrTail: ['CUDA oom'] };
  const status = { kind: 'Stopped', exitCode: 1 } as const;
  const again = { formerEnd: { ...crash, status }, restarts: { count: 3, nextAt: null } };
  const waiting = report(4, { ...crash, status, restarts: { count: 3, nextAt: 900 } });
  const starting = report(5, { ...again, status: { kind: 'Starting' } });
  const running = report(6, { ...again, status: { kind: 'Running', startedAtMs: 8 } });
  const stopping = report(7, { ...again, status: { kind: 'Stopping', startedAtMs: 8 }, cause: 'not_ready' });

  test.each<[string, ...ProcViewEvent[]]>([
    ['waits for a restart', said(waiting)],
    ['is being started', said(starting)],
    ['runs, not ready yet', said(running)],
    ['is being stopped', said(stopping)],
    ['is not heard of', said(running), missed],
  ])('the deadline finds the same when it %s', (_, ...events) => {
    const { status: found, text, ends } = observeProc(place, viewAfter([...events, late]), null);
    expect(found).toEqual({ kind: 'Timeout', afterMs: 1_000 });
    expect(text).toBe('not ready within 1s: its last run exited with code 1; restarted 3 times');
    expect(ends.last).toMatchObject({ exitCode: 1, stderrTail: ['CUDA oom'] });
  });

  test('the run that goes on, a stop of it and its loss hide no earlier end', () => {
    const stopped = report(8, {
      ...again,
      status: { kind: 'Killed', signal: 'SIGTERM', coreDumped: false },
      cause: 'rolled_back',
    });
    const formerOf = (...events: ProcViewEvent[]) => observeProc(place, viewAfter(events), null).ends.former;
    for (const events of [
      [said(running)],
      [said(running), missed],
      [said(running), missing],
      [said(stopped)],
    ])
      expect(formerOf(...events)).toMatchObject({ text: 'exited with code 1', stderrTail: ['CUDA oom'] });
    expect(formerOf(said(report(2)))).toBeNull();
  });

  test.each([
    [
      'served',
      { status: { kind: 'Running', startedAtMs: 8 } },
      'port 80 is served by another process (7, nginx)',
    ],
    ['held', { status: { kind: 'Starting' } }, 'the config of its mesh is missing on its host'],
  ] as const)('the deadline tells what it waits for, too: %s', (_, fields, waitsFor) => {
    const text = (former: Partial<ProcReport>, ...events: ProcViewEvent[]) =>
      shown(said(report(2, { ...fields, ...former, waitsFor })), ...events, late)[1];
    expect(text({})).toBe(`not ready within 1s: ${waitsFor}`);
    expect(text({}, missed)).toBe(`not ready within 1s: ${waitsFor}`);
    expect(text(again)).toBe(
      `not ready within 1s: ${waitsFor}; its last run exited with code 1; restarted 3 times`,
    );
  });

  test('that has not ended once nothing is told of runs', () => {
    expect(shown(said(report(2, { status: { kind: 'Starting' } })), late)[1]).toBe('not ready within 1s');
  });
});

describe('what is known of a proc', () => {
  test.each<[string, ProcViewEvent[], unknown[]]>([
    ['nothing at first', [], ['NotExist', 'not heard of yet', 0, 'controller', 0]],
    ['what its host says', [said(report(2))], ['Running', 'running', 2, 'host', 2]],
    [
      'not what its host said before that',
      [said(report(3, crashed)), said(report(2))],
      ['Failed', 'killed by SIGKILL', 3, 'host', 3],
    ],
    [
      'nothing while its host is silent',
      [said(report(2)), missed],
      ['Unknown', 'not heard since its host fell silent', 2, 'controller', 200],
    ],
    [
      'how it ended, even while its host is silent',
      [said(report(3, crashed)), missed],
      ['Failed', 'killed by SIGKILL', 3, 'host', 3],
    ],
    [
      'the same as before when its host is heard again without news',
      [said(report(2)), missed, heard],
      ['Running', 'running', 2, 'controller', 300],
    ],
    [
      'the same as before when its host says the same again',
      [said(report(2)), missed, said(report(2))],
      ['Running', 'running', 2, 'controller', 100],
    ],
    [
      'the news that its host has when it is heard again',
      [said(report(2)), missed, said(report(3, crashed))],
      ['Failed', 'killed by SIGKILL', 3, 'host', 3],
    ],
    [
      'that it is lost when its host does not know it any more',
      [said(report(2)), missing],
      ['Failed', 'lost: its host agent no longer knows it', 2, 'controller', 400],
    ],
    [
      'that it is not lost when its host knows it after all',
      [said(report(2)), missing, said(report(2))],
      ['Running', 'running', 2, 'controller', 100],
    ],
    ['that it was never started', [missing], ['NotExist', 'its host does not have it', 0, 'controller', 400]],
    ['that its host refused it', [refused], ['Failed', 'could not start', 0, 'controller', 400]],
    [
      'that its host did not refuse what it has started',
      [said(report(1)), refused],
      ['Running', 'running', 1, 'host', 1],
    ],
    ['that it is late', [late], ['Timeout', 'not ready within 1s', 0, 'controller', 400]],
    [
      'that it is stopped after it was late',
      [
        said(report(1)),
        late,
        said(report(2, { status: { kind: 'Stopped', exitCode: 0 }, cause: 'rolled_back' })),
      ],
      ['Stopped', 'stopped because its spawn failed', 2, 'host', 2],
    ],
  ])('is %s', (_, events, expected) => {
    expect(shown(...events)).toEqual(expected);
  });

  test('is not final while a restart is due', () => {
    const restarting = report(3, { ...crashed, restarts: { count: 1, nextAt: 1_003 } });
    expect(isFinalView(viewAfter([said(restarting)]))).toBe(false);
    expect(shown(said(restarting))[1]).toBe('killed by SIGKILL; restarts (2 of 5)');
    expect(isFinalView(viewAfter([said(report(3, crashed))]))).toBe(true);
  });
});

test('reports in any order, repeated, and between silences, end at the highest generation; none is applied twice', () => {
  const statuses = fc.constantFrom<ProcReport['status']>(
    { kind: 'Starting' },
    { kind: 'Running', startedAtMs: 0 },
    { kind: 'Ready', startedAtMs: 0, address: null },
    { kind: 'Stopping', startedAtMs: 0 },
    { kind: 'Stopped', exitCode: 3 },
    crashed.status,
  );
  const history = fc.array(statuses, { minLength: 1, maxLength: 8 });
  const event = fc.oneof(
    { weight: 3, arbitrary: fc.nat(7).map((index) => ({ kind: 'report' as const, index })) },
    { weight: 1, arbitrary: fc.constantFrom(missed, heard, missing, refused, late) },
  );
  fc.assert(
    fc.property(history, fc.array(event, { maxLength: 40 }), (host, heardOf) => {
      const reports = host.map((status, index) => report(index + 1, { status }));
      const events = heardOf.flatMap((each): ProcViewEvent[] => {
        if (each.kind !== 'report') return [each];
        const found = reports[each.index % reports.length];
        return found === undefined ? [] : [said(found)];
      });
      const last = reports.at(-1);
      if (last !== undefined) events.push(said(last));
      const applied: number[] = [];
      let generation = 0;
      let view: ProcView = awaited;
      for (const each of events) {
        const next = stepProcView(view, each, 5);
        const now = observeProc(place, next, null);
        expect(now.generation).toBeGreaterThanOrEqual(generation);
        generation = now.generation;
        if (next !== view && now.source === 'host') applied.push(generation);
        view = next;
      }
      expect(applied).toEqual([...new Set(applied)].sort((a, b) => a - b));
      expect(generation).toBe(reports.length);
      if (view.kind === 'heard') expect(view.last.report).toEqual(last);
      // Only what we concluded after we had heard the last word can stand against its repetition.
      else expect(view.kind).toBe('late');
    }),
  );
});
