import { expect, test } from 'vitest';
import { parseStat } from './process-info.ts';

const rest = '1 40 40 0 -1 4194304 100 0 0 0 12 3 4 1 20 0 1 0 987654 5000000 321 18446744073709551615';

test.each(['node', 'a b', ') S 1 (', 'x)'])(
  'a stat line is read whatever the program is called: %s',
  (name) => {
    expect(parseStat(`42 (${name}) S ${rest}\n`)).toEqual({
      pid: 42,
      groupId: 40,
      sessionId: 40,
      isZombie: false,
      startTicks: 987654,
      cpuMs: 200,
      rssPages: 321,
    });
  },
);

test('a zombie is told from a process', () => {
  expect(parseStat(`42 (node) Z ${rest}\n`)?.isZombie).toBe(true);
});

test.each(['', 'nonsense', '42 (node) S 1'])('what is no stat line is no process: %s', (text) => {
  expect(parseStat(text)).toBeNull();
});
