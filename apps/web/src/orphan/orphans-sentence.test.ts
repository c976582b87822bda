import type { OrphansReply } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { orphansSentence } from './orphans-sentence.ts';

const reply = (silent: number): OrphansReply => ({
  items: [],
  unreachable: Array.from({ length: silent }, (_, rank) => ({
    meshId: 'mesh_1',
    rank,
    address: `tcp:10.0.0.${rank}:26600`,
    message: '',
  })),
  asked: 3,
  askedAt: '2026-01-01T00:00:00Z',
});

test('none is said only of the hosts that answered', () => {
  expect(orphansSentence(reply(0))).toBe('No proc runs that nobody accounts for.');
  expect(orphansSentence(reply(1))).toBe('None on the 2 of 3 hosts that answered; 1 host did not answer.');
  expect(orphansSentence(reply(3))).toBe('None of the 3 hosts answered, so no orphan is known.');
});
