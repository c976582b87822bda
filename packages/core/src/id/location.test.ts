import { describe, expect, test } from 'vitest';
import { parseUid } from './uid.ts';
import { parseEntityAddress, parseLocation, printEntityAddress, printLocation } from './location.ts';

const uid = (text: string) => {
  const parsed = parseUid(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

describe('a location', () => {
  test.each([
    ['tcp://127.0.0.1:26600', []],
    ['<2>.<3>.tcp://[::1]:9000', ['<2>', '<3>']],
    ['host<7PDmJtQJB5S>.local.<2>.tcp://[::1]:1234', ['host<7PDmJtQJB5S>', 'local', '<2>']],
    ['<2>.ipc:///run/a.b', ['<2>']],
    ['inproc://0', []],
  ])('%s is read and printed', (text, via) => {
    const location = parseLocation(text);
    expect(location.ok && location.value.via).toEqual(via.map(uid));
    expect(location.ok && printLocation(location.value)).toBe(text);
  });

  test('keeps the dial half of an alias only', () => {
    const location = parseLocation('<2>.tcp://127.0.0.1:1@tcp://0.0.0.0:1');
    expect(location.ok && printLocation(location.value)).toBe('<2>.tcp://127.0.0.1:1');
  });

  test.each([
    ['tcp:127.0.0.1:1', 'expected a URL'],
    ['<2>tcp://127.0.0.1:1', 'expected a URL'],
    ['.tcp://127.0.0.1:1', 'invalid uid syntax'],
    ['<0>.tcp://127.0.0.1:1', 'invalid base58 uid: 0'],
    ['tcp://', 'invalid socket address syntax'],
  ])('%s is refused', (text, message) => {
    expect(parseLocation(text)).toMatchObject({
      ok: false,
      fault: { code: 'invalid_location', message: expect.stringContaining(message) },
    });
  });
});

describe('an address', () => {
  test.each([
    ['service@tcp://127.0.0.1:26600', 'proc'],
    ['service<2>@tcp://127.0.0.1:26600', 'proc'],
    ['host_agent.service@tcp://127.0.0.1:26600', 'actor'],
    ['workers-0<7PDmJtQJB5S>@workers-0<7PDmJtQJB5S>.tcp://127.0.0.1:26600', 'proc'],
    ['local@inproc://0', 'proc'],
    ['service<2>@ipc://@host-agent', 'proc'],
    ['local.local:3@inproc://0', 'port'],
  ])('%s is read and printed', (text, kind) => {
    const address = parseEntityAddress(text);
    expect(address.ok && address.value.id.kind).toBe(kind);
    expect(address.ok && printEntityAddress(address.value)).toBe(text);
  });

  test.each([
    ['local', 'invalid_address'],
    ['<0>@inproc://0', 'invalid_proc_id'],
    ['.local@inproc://0', 'invalid_actor_id'],
    ['local.local:not-a-port@inproc://0', 'invalid_port_id'],
    ['local@tcp://', 'invalid_location'],
  ])('%s is refused, saying which part is wrong', (text, code) => {
    expect(parseEntityAddress(text)).toMatchObject({ ok: false, fault: { code } });
  });
});
