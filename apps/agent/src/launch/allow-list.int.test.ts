import { expect, test } from 'vitest';
import { isAllowed } from './allow-list.ts';

const path = '/usr/bin:/bin';

test.each([
  [['*'], '/any/thing', true],
  [[], 'sleep', false],
  [['sleep'], 'sleep', true],
  [['sleep'], '/usr/bin/sleep', true],
  [['/usr/bin/sleep'], 'sleep', true],
  [['sleep'], '/tmp/sleep', false],
  [['/tmp/sleep'], 'sleep', false],
  [['sleep'], 'env', false],
  [['/opt/train'], '/opt/train', true],
])('a list of %j has %s: %s', (list, program, isThere) => {
  expect(isAllowed(list, program, path)).toBe(isThere);
});
