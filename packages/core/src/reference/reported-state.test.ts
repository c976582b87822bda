import { expect, test } from 'vitest';
import { newerState, type State } from './reported-state.ts';

const state = (generation: number, timestampMs: number): State<string> => ({
  id: 'p',
  status: { kind: 'Running' },
  state: null,
  generation,
  timestampMs,
});

test('the higher generation wins, whatever the clocks say', () => {
  const [older, newer] = [state(1, 2000), state(2, 1000)];
  expect(newerState(older, newer)).toBe(newer);
  expect(newerState(newer, older)).toBe(newer);
});

test('a repeat of the same generation changes nothing', () => {
  const known = state(1, 1000);
  expect(newerState(known, state(1, 2000))).toBe(known);
});
