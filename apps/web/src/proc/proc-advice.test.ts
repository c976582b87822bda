import { expect, test } from 'vitest';
import { commandRefusals, HOST_LIMIT, startFaultCodes } from '@hostmesh/core';
import { adviceForEnd } from './proc-advice.ts';

test.each([
  ['killed by SIGKILL', null, 'SIGKILL', /memory/],
  ['could not start: no program ‘x’ on this host', null, null, /could not start/],
  ['not ready within 30s', null, 'SIGTERM', /in time/],
  ['exited with code 127', 127, null, /did not find/],
  ['exited with code 137', 137, null, /usually .*memory/],
])('%s is explained', (statusText, exitCode, signal, meaning) => {
  expect(adviceForEnd({ statusText, startFault: null, exitCode, signal })?.meaning).toMatch(meaning);
});

test('a code of the program’s own is not explained by us', () => {
  expect(
    adviceForEnd({ statusText: 'exited with code 3', startFault: null, exitCode: 3, signal: null }),
  ).toBeNull();
});

test.each([...startFaultCodes, ...commandRefusals, HOST_LIMIT])(
  'a start that came to nothing is explained by its code: %s',
  (startFault) => {
    const advice = adviceForEnd({
      statusText: 'could not start: …',
      startFault,
      exitCode: null,
      signal: null,
    });
    expect(advice?.meaning).not.toMatch(/at all/);
  },
);
