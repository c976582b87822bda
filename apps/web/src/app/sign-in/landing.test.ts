import { expect, test } from 'vitest';
import { landingOf, tokenOfHash } from './landing.ts';

test.each([
  ['/meshes?filter=x', '/meshes?filter=x'],
  [null, '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
])('signing in with next=%j lands on %s', (next, landing) => {
  expect(landingOf(next)).toBe(landing);
});

test.each([
  ['#token=hm_abc', 'hm_abc'],
  ['#token=', null],
  ['', null],
  ['#section', null],
])('the fragment %j holds the token %j', (hash, token) => {
  expect(tokenOfHash(hash)).toBe(token);
});
