import { expect, test } from 'vitest';
import { landingOf, codeOfHash } from './landing.ts';

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
  ['#code=hm_abc', 'hm_abc'],
  ['#code=', null],
  ['#token=hm_abc', null],
  ['', null],
  ['#section', null],
])('the fragment %j holds the code %j', (hash, code) => {
  expect(codeOfHash(hash)).toBe(code);
});
