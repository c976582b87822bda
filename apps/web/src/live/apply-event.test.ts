import type { ApiEvent, Proc } from '@hostmesh/contract';
import { aMesh, aMeshHost, anAttempt, aProc, aProcMesh, aResult } from '@hostmesh/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvent, rereadProcs } from './apply-event.ts';
import type { View } from './views.ts';

const dataAfter = (view: View, ...events: ApiEvent[]) =>
  events.reduce<readonly View[]>(applyEvent, [view])[0]?.data;
const changed = (...procs: Proc[]): ApiEvent => ({
  type: 'proc_mesh.procs_changed',
  procMeshId: 'pm_1',
  procs,
});
const procsOf = (...data: Proc[]): View => ({ kind: 'procs', id: 'pm_1', data });

describe('an attempt', () => {
  const running = anAttempt({ id: 'att_1', state: 'running' });
  const attached = anAttempt({ id: 'att_1', state: 'attached' });

  test('that changes is shown on its page and in the list, without its failures there', () => {
    const [page, list] = applyEvent(
      [
        { kind: 'attempt', id: 'att_1', data: running },
        { kind: 'attempts', id: '', data: [running] },
      ],
      { type: 'attempt.changed', attempt: attached },
    );
    expect(page?.data).toEqual(attached);
    expect(list?.data).toMatchObject([{ id: 'att_1', state: 'attached' }]);
    expect(list?.data).not.toHaveProperty('0.failures');
  });

  test('of which all is known stays so, whatever was told before', () => {
    const restoring = anAttempt({ id: 'att_1', state: 'failed' });
    const finished = { ...restoring, finishedAt: '2026-11-01T10:00:05.000Z' };
    const late: ApiEvent = { type: 'attempt.changed', attempt: restoring };
    expect(dataAfter({ kind: 'attempt', id: 'att_1', data: finished }, late)).toEqual(finished);
  });

  test('that is new comes first in the list', () => {
    const event: ApiEvent = { type: 'attempt.changed', attempt: anAttempt({ id: 'att_2' }) };
    expect(dataAfter({ kind: 'attempts', id: '', data: [running] }, event)).toMatchObject([
      { id: 'att_2' },
      { id: 'att_1' },
    ]);
  });

  test('that has ended never runs again', () => {
    const late: ApiEvent = { type: 'attempt.changed', attempt: running };
    expect(dataAfter({ kind: 'attempt', id: 'att_1', data: attached }, late)).toBe(attached);
  });

  test('of another page changes nothing', () => {
    const view: View = { kind: 'attempt', id: 'att_9', data: anAttempt({ id: 'att_9' }) };
    expect(applyEvent([view], { type: 'attempt.changed', attempt: attached })[0]).toBe(view);
  });
});

describe('hosts of an attempt', () => {
  const event = (...hosts: ReturnType<typeof aResult>[]): ApiEvent => ({
    type: 'attempt.hosts_changed',
    attemptId: 'att_1',
    hosts,
  });
  const view = (...data: ReturnType<typeof aResult>[]): View => ({ kind: 'attemptHosts', id: 'att_1', data });

  test('change in their places', () => {
    const after = dataAfter(
      view(aResult({ rank: 0 }), aResult({ rank: 1 })),
      event(aResult({ rank: 1, state: 'installed' })),
    );
    expect(after).toMatchObject([
      { rank: 0, state: 'queued' },
      { rank: 1, state: 'installed' },
    ]);
  });

  test('only go forward', () => {
    const after = dataAfter(
      view(aResult({ rank: 0, state: 'failed' })),
      event(aResult({ rank: 0, state: 'connecting' })),
    );
    expect(after).toMatchObject([{ state: 'failed' }]);
  });

  test('that ended can still tell what became of the restore', () => {
    const restored = aResult({
      rank: 0,
      state: 'installed',
      restore: { kind: 'restored', lateInstall: false },
    });
    const after = dataAfter(
      view(aResult({ rank: 0, state: 'installed', restore: { kind: 'pending' } })),
      event(restored),
    );
    expect(after).toEqual([restored]);
  });

  test('that were not there yet are put in rank order', () => {
    const after = dataAfter(view(aResult({ rank: 0 }), aResult({ rank: 5 })), event(aResult({ rank: 3 })));
    expect(after).toMatchObject([{ rank: 0 }, { rank: 3 }, { rank: 5 }]);
  });
});

describe('a mesh', () => {
  test('that changes is shown on its page and in the list', () => {
    const mesh = aMesh({ id: 'mesh_1', state: 'stopped' });
    const after = applyEvent(
      [
        { kind: 'mesh', id: 'mesh_1', data: aMesh({ id: 'mesh_1' }) },
        { kind: 'meshes', id: '', data: [aMesh({ id: 'mesh_2' }), aMesh({ id: 'mesh_1' })] },
      ],
      { type: 'mesh.changed', mesh },
    );
    expect(after.map((view) => view.data)).toMatchObject([
      { state: 'stopped' },
      [{ id: 'mesh_2' }, { state: 'stopped' }],
    ]);
  });

  test('keeps the newer health of a host', () => {
    const known = aMeshHost({ rank: 0, health: 'unreachable', since: '2026-01-01T00:00:10Z' });
    const older = aMeshHost({ rank: 0, health: 'healthy', since: '2026-01-01T00:00:05Z' });
    const newer = aMeshHost({ rank: 0, health: 'healthy', since: '2026-01-01T00:00:20Z' });
    const view: View = { kind: 'meshHosts', id: 'mesh_1', data: [known] };
    const event = (host: typeof known): ApiEvent => ({
      type: 'mesh.hosts_changed',
      meshId: 'mesh_1',
      hosts: [host],
    });
    expect(dataAfter(view, event(older))).toEqual([known]);
    expect(dataAfter(view, event(newer))).toEqual([newer]);
  });
});

test('applying an event twice changes nothing more', () => {
  const event: ApiEvent = { type: 'mesh.changed', mesh: aMesh({ id: 'mesh_1' }) };
  const once = applyEvent([{ kind: 'meshes', id: '', data: [] }], event);
  expect(applyEvent(once, event)).toEqual(once);
});

test('resync touches no data: reading again is the caller’s', () => {
  const cache: View[] = [{ kind: 'meshes', id: '', data: [] }];
  expect(applyEvent(cache, { type: 'resync' })).toEqual(cache);
});

describe('a proc', () => {
  test('never goes back to an older generation, in whatever order its changes arrive', () => {
    const generations = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(generations, (order) => {
        const events = order.map((generation) => changed(aProc({ generation })));
        const after = dataAfter(procsOf(aProc({ generation: 0 })), ...events);
        expect(after).toMatchObject([{ generation: Math.max(0, ...order) }]);
      }),
    );
  });

  test('that its host falls silent about is Unknown although its generation is the same, and heals', () => {
    const silent = aProc({ generation: 3, status: 'Unknown' });
    const heard = aProc({ generation: 3, status: 'Running' });
    expect(dataAfter(procsOf(heard), changed(silent))).toMatchObject([{ status: 'Unknown' }]);
    expect(dataAfter(procsOf(heard), changed(silent), changed(heard))).toMatchObject([{ status: 'Running' }]);
  });

  test('that was not there yet is put in rank order', () => {
    const after = dataAfter(procsOf(aProc({ rank: 0 }), aProc({ rank: 5 })), changed(aProc({ rank: 3 })));
    expect(after).toMatchObject([{ rank: 0 }, { rank: 3 }, { rank: 5 }]);
  });

  test('of which nothing new is told keeps its row', () => {
    const rows = [aProc({ rank: 0, generation: 4 }), aProc({ rank: 1 })];
    expect(dataAfter(procsOf(...rows), changed(aProc({ rank: 0, generation: 3 })))).toEqual(rows);
  });

  test('is up to date on its own page, with its command kept', () => {
    const { command } = aProcMesh();
    const data = { ...aProc(), command, usage: null, meshConfigDigest: null };
    const view: View = { kind: 'proc', id: 'proc-0', data };
    const failed = aProc({ generation: 2, status: 'Failed', exitCode: 3 });
    expect(dataAfter(view, changed(failed))).toMatchObject({ status: 'Failed', exitCode: 3, command });
  });

  test('leaves the list of a status that it no longer has, and comes into that which it has', () => {
    const failed = changed(aProc({ generation: 2, status: 'Failed' }));
    expect(dataAfter({ kind: 'allProcs', id: 'Running', data: [aProc()] }, failed)).toEqual([]);
    expect(dataAfter({ kind: 'allProcs', id: 'Failed', data: [] }, failed)).toMatchObject([{ id: 'proc-0' }]);
  });
});

describe('a proc mesh', () => {
  test('that changes is shown on its page and in the list', () => {
    const stopping = aProcMesh({ state: 'stopping' });
    const event: ApiEvent = { type: 'proc_mesh.changed', procMesh: stopping };
    expect(dataAfter({ kind: 'procMesh', id: 'pm_1', data: aProcMesh() }, event)).toEqual(stopping);
    expect(dataAfter({ kind: 'procMeshes', id: '', data: [] }, event)).toEqual([stopping]);
  });

  test('that has stopped stays so, and one that runs never spawns again', () => {
    const view = (data: View['data']): View => ({ kind: 'procMesh', id: 'pm_1', data }) as View;
    const event = (state: 'spawning' | 'running'): ApiEvent => ({
      type: 'proc_mesh.changed',
      procMesh: aProcMesh({ state }),
    });
    expect(dataAfter(view(aProcMesh({ state: 'stopped' })), event('running'))).toMatchObject({
      state: 'stopped',
    });
    expect(dataAfter(view(aProcMesh({ state: 'running' })), event('spawning'))).toMatchObject({
      state: 'running',
    });
  });
});

test('reading a list again keeps newer reports, and the rows of procs that are the same', () => {
  const known = [aProc({ rank: 0, generation: 5 }), aProc({ rank: 1, generation: 2 })];
  const read = [aProc({ rank: 0, generation: 4 }), aProc({ rank: 1, generation: 2 })];
  const after = rereadProcs(known, read);
  expect(after[0]).toBe(known[0]);
  expect(after[1]).toBe(known[1]);
});
