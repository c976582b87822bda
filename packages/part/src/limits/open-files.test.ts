import { expect, test } from 'vitest';
import { hostConnectionsWithin, howToRaise, readOpenFileLimit } from './open-files.ts';

const table = (soft: string, hard: string) => () =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files\n`;

test('the limit of open files is read where the system tells it', () => {
  expect(readOpenFileLimit(table('256', '4096'))).toEqual({ soft: 256, hard: 4096 });
  expect(readOpenFileLimit(table('unlimited', 'unlimited'))).toEqual({ soft: Infinity, hard: Infinity });
  const none = () => {
    throw new Error('no /proc');
  };
  expect(readOpenFileLimit(none)).toBeNull();
});

test('descriptors are kept back for all that is no connection to a host', () => {
  const within = (soft: number) => hostConnectionsWithin({ soft, hard: soft });
  expect([within(64), within(256), within(1024), within(20_000), within(Infinity)]).toEqual([
    8,
    128,
    768,
    15_000,
    Infinity,
  ]);
});

test('how to raise it depends on who may', () => {
  expect(howToRaise({ soft: 256, hard: 4096 }, 2000)).toBe('start it after `ulimit -n 2000`');
  expect(howToRaise({ soft: 256, hard: 4096 }, 20_000)).toContain('LimitNOFILE=20000');
});
