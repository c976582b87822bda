import { expect, test } from 'vitest';
import { addressSpellings } from './address-spellings.ts';
import { parseAddress } from './parse-address.ts';

function spellingsOf(text: string): readonly string[] {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return addressSpellings(parsed.value);
}

test.each([
  ['tcp:localhost:26600', 'tcp:127.0.0.1:26600'],
  ['tcp:LocalHost.:26600', 'tcp:127.0.0.1:26600'],
  ['tcp://127.0.0.1:26600', 'tls:localhost:26600'],
  ['tcp:[::ffff:127.0.0.1]:26600', 'tcp:localhost:26600'],
  ['tcp:[::ffff:10.1.2.3]:1', 'tcp:10.1.2.3:1'],
  ['tcp:GPU1:26600', 'tcp:gpu1.:26600'],
  ['tcp:[00cf::1]:1', 'tcp:[cf::1]:1'],
  ['unix:/run/agent.sock', 'ipc:///run/agent.sock'],
])('%s and %s are spellings of one endpoint', (one, other) => {
  expect(spellingsOf(one)[0]).toBe(spellingsOf(other)[0]);
  expect(spellingsOf(one).toSorted()).toEqual(spellingsOf(other).toSorted());
});

test.each([
  ['tcp:127.0.0.1:1', 'tcp:127.0.0.1:2'],
  ['tcp:gpu1:1', 'tcp:gpu2:1'],
  ['unix:/run/A', 'unix:/run/a'],
  ['local:1', 'local:2'],
])('%s and %s are not', (one, other) => {
  expect(spellingsOf(one)).not.toContain(spellingsOf(other)[0]);
});
