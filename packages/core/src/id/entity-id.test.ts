import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseActorId, parseEntityId, parsePortId, parseProcId, printEntityId } from './entity-id.ts';

describe('text', () => {
  test.each([
    ['service', 'proc'],
    ['service<2>', 'proc'],
    ['host_agent.service', 'actor'],
    ['<2>.worker<3>', 'actor'],
    ['local.local:17', 'port'],
    ['local.local:18446744073709551615', 'port'],
    ['local.local:handler<29>', 'port'],
    ['local.local!introspect', 'port'],
    ['local.local!signal', 'port'],
    ['local.local!status', 'port'],
  ])('%s is read as a %s and printed', (text, kind) => {
    const id = parseEntityId(text);
    expect(id).toMatchObject({ ok: true, value: { kind } });
    expect(id.ok && printEntityId(id.value)).toBe(text);
  });

  test.each([
    ['local.local:not-a-port', "invalid port id: 'not-a-port' is no port"],
    ['local.local:18446744073709551616', "invalid port id: '18446744073709551616' is no port"],
    ['local.local:handler<0>', "invalid port id: 'handler<0>' is no port"],
    ['local.local!', "invalid port id: '' is no port"],
    ['local.local!boom', "invalid port id: 'boom' is no port"],
    ['local:1', 'invalid port id: invalid actor id: expected format `<actor>.<proc>`'],
    ['a.b.c', "invalid proc uid in actor id: invalid label: label contains invalid character '.'"],
    ['', 'invalid uid syntax: expected "label" or "<", found end of input'],
  ])('%j is refused', (text, message) => {
    expect(parseEntityId(text)).toMatchObject({ ok: false, fault: { message } });
  });

  test('of any kind gives a result, and an accepted one prints back to the same id', () => {
    const unit = fc.constantFrom('a', '.', ':', '!', '<', '>', '2', 'handler', 'status', '-');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(unit).map((units) => units.join('')),
        ),
        (text) => {
          const id = parseEntityId(text);
          if (id.ok) expect(parseEntityId(printEntityId(id.value))).toEqual(id);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['local', 'invalid actor id: expected format `<actor>.<proc>`'],
  ['.local', 'invalid actor uid: invalid label: label must not be empty'],
  ['local.<bad!>', 'invalid proc uid in actor id: invalid base58 uid: bad!'],
])('as an actor id, %s is refused', (text, message) => {
  expect(parseActorId(text)).toMatchObject({ ok: false, fault: { code: 'invalid_actor_id', message } });
});

test('each reader takes its own kind only', () => {
  expect(parsePortId('local.local')).toMatchObject({
    fault: { code: 'invalid_port_id', message: 'invalid port id: expected format `<actor>:<port>`' },
  });
  expect(parseProcId('host_agent.service')).toMatchObject({ fault: { code: 'invalid_proc_id' } });
});
