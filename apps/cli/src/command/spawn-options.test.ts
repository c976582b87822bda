import { describe, expect, test } from 'vitest';
import { parsePairs, parsePerHost, parseReadiness, parseRestart } from './spawn-options.ts';

describe('--ready', () => {
  test.each([
    ['alive', { kind: 'alive' }],
    ['alive:2s', { kind: 'alive', for: '2s' }],
    ['fd', { kind: 'descriptor' }],
    ['tcp:8000', { kind: 'tcp', port: 8000 }],
    ['tcp:8000+slot', { kind: 'tcp', port: 8000, perSlot: true }],
    ['http:8000', { kind: 'http', port: 8000, path: '/' }],
    ['http:8000+slot/health?x=1', { kind: 'http', port: 8000, perSlot: true, path: '/health?x=1' }],
    ['output:ready: 1', { kind: 'output', contains: 'ready: 1' }],
  ])('reads %s', (text, expected) => {
    expect(parseReadiness(text, undefined)).toEqual({ ok: true, value: expected });
    expect(parseReadiness(text, '9s')).toEqual({ ok: true, value: { ...expected, timeout: '9s' } });
  });

  test.each(['', 'soon', 'fd:3', 'tcp', 'tcp:x', 'tcp:80/path', 'http:/x', 'output', 'output:'])(
    'refuses %s',
    (text) => {
      expect(parseReadiness(text, undefined)).toMatchObject({ fault: { code: 'invalid_option' } });
    },
  );
});

describe('--restart', () => {
  test.each([
    ['never', { policy: 'never' }],
    ['on-failure', { policy: 'on_failure' }],
    ['on-failure:3', { policy: 'on_failure', limit: 3 }],
    ['always:0', { policy: 'always', limit: 0 }],
  ])('reads %s', (text, value) => {
    expect(parseRestart(text)).toEqual({ ok: true, value });
  });

  test.each(['', 'sometimes', 'never:3', 'always:', 'always:x', 'always:3:4'])('refuses %s', (text) => {
    expect(parseRestart(text)).toMatchObject({ fault: { code: 'invalid_option' } });
  });
});

test('pairs keep what comes after the first equals sign, and the later of two of one name', () => {
  expect(parsePairs('--env', ['A=1=2', 'B=', 'A=3'])).toEqual({ ok: true, value: { A: '3', B: '' } });
  expect(parsePairs('--env', ['A']).ok).toBe(false);
  expect(parsePairs('--env', ['=1']).ok).toBe(false);
});

test('sizes per host are numbers', () => {
  expect(parsePerHost(['gpus=4', 'slots=2'])).toEqual({ ok: true, value: { gpus: 4, slots: 2 } });
  for (const pair of ['gpus', 'gpus=', 'gpus=x', 'gpus=-1', 'gpus=1.5'])
    expect(parsePerHost([pair])).toMatchObject({ fault: { code: 'invalid_option' } });
});
