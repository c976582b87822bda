import { expect, test } from 'vitest';
import { withoutLead } from './without-lead.ts';

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
