import type { ApiEvent, Proc } from '@hostmesh/contract';
import { aProc, aProcMesh } from '@hostmesh/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvent } from './apply-event.ts';
import { rereadProcs } from './apply-procs.ts';
import type { View } from './views.ts';

const dataAfter = (view: View, ...events: ApiEvent[]) =>
  events.reduce<readonly View[]>(applyEvent, [view])[0]?.data;
const changed = (...procs: Proc[]): ApiEvent => ({
  type: 'proc_mesh.procs_changed',
  procMeshId: 'pm_1',
  procs,
});
const procsOf = (...data: Proc[]): View => ({ kind: 'procs', id: 'pm_1', data });

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
    const view: View = { kind: 'proc', id: 'proc-0', data: { ...aProc(), command, usage: null } };
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
