import type { OrphansReply } from '@hostmesh/contract';
import { aMesh } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { askedHosts, orphansSentence } from './orphans-sentence.ts';

const reply = (silent: number): OrphansReply => ({
  items: [],
  unreachable: Array.from({ length: silent }, (_, rank) => ({
    meshId: 'mesh_1',
    rank,
    address: `tcp:10.0.0.${rank}:26600`,
    message: '',
  })),
  askedAt: '2026-01-01T00:00:00Z',
});

test('none is said only of the hosts that answered', () => {
  expect(orphansSentence(reply(0), 3)).toBe('No proc runs that nobody accounts for.');
  expect(orphansSentence(reply(1), 3)).toBe('None on the 2 of 3 hosts that answered; 1 host did not answer.');
  expect(orphansSentence(reply(1), null)).toBe('None on the hosts that answered; 1 host did not answer.');
  expect(orphansSentence(reply(3), 3)).toBe('None of the 3 hosts answered, so no orphan is known.');
});

test('hosts that two meshes may share are not counted twice', () => {
  const ended = aMesh({ id: 'mesh_2', state: 'stopped' });
  expect(askedHosts([aMesh(), ended])).toBe(4);
  expect(askedHosts([aMesh(), aMesh({ id: 'mesh_3' })])).toBeNull();
  expect(askedHosts(undefined)).toBeNull();
});
