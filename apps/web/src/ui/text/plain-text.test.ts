import { expect, test } from 'vitest';
import { parseRank, withoutLead } from './plain-text.ts';

test.each([
  ['0', 0],
  ['12', 12],
  ['abc', null],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
])('%j in a URL is the rank %s', (text, rank) => {
  expect(parseRank(text)).toBe(rank);
});

test.each([
  ['tcp:10.0.0.5:26600: connection refused.', 'tcp:10.0.0.5:26600', 'connection refused.'],
  ['tcp:10.0.0.5:26600 did not answer within 5 s.', 'tcp:10.0.0.5:26600', 'did not answer within 5 s.'],
  ['unreachable: no answer', 'unreachable', 'no answer'],
  ['Unreachable', 'unreachable', ''],
  ['tcp:10.0.0.5:266001: refused', 'tcp:10.0.0.5:26600', 'tcp:10.0.0.5:266001: refused'],
  ['At tcp:10.0.0.5:26600, host_2 answers.', 'tcp:10.0.0.5:26600', 'At tcp:10.0.0.5:26600, host_2 answers.'],
])('%j beside %j reads %j', (text, lead, rest) => {
  expect(withoutLead(text, lead)).toBe(rest);
});
