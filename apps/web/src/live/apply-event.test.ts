import type { ApiEvent } from '@hostmesh/contract';
import { aMesh, aMeshHost, anAttempt, aResult } from '@hostmesh/contract/testing';
import { describe, expect, test } from 'vitest';
import { applyEvent } from './apply-event.ts';
import type { View } from './views.ts';

const dataAfter = (view: View, ...events: ApiEvent[]) =>
  events.reduce<readonly View[]>(applyEvent, [view])[0]?.data;

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
