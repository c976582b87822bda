import { expect, test } from 'vitest';
import { listenersAt, listenersOn } from './port-owner.ts';

/** A line of `/proc/net/tcp`; port 28301 is 6E8D. */
const line = (address: string, inode: string, state = '0A') =>
  `   0: ${address}:6E8D 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
const any6 = '0'.repeat(32);

const loopback6 = '00000000000000000000000001000000';
const inodesAt = (loopback: '127.0.0.1' | '::1', lines: readonly string[], port = 28301) =>
  listenersAt(loopback, listenersOn(port, lines)).map(({ inode }) => inode);

test.each([
  ['the loopback', [line('0100007F', '1')], ['1'], []],
  ['all addresses', [line('00000000', '2')], ['2'], []],
  ['all addresses of version 6', [line(any6, '3')], ['3'], ['3']],
  ['the loopback of version 6', [line(loopback6, '8')], [], ['8']],
  ['the loopback as version 6 has it', [line('0000000000000000FFFF00000100007F', '4')], ['4'], []],
  [
    'all addresses of version 4 as version 6 has it',
    [line('0000000000000000FFFF000000000000', '9')],
    ['9'],
    [],
  ],
  [
    'the most exact of several',
    [line(any6, '3'), line('00000000', '2'), line('0100007F', '1')],
    ['1'],
    ['3'],
  ],
  ['several that share it', [line('00000000', '2'), line('00000000', '5')], ['2', '5'], []],
  ['another address', [line('0A00000A', '6')], [], []],
  ['another loopback', [line('0200007F', '6')], [], []],
  ['a connection', [line('0100007F', '7', '01')], [], []],
  ['nothing', ['  sl  local_address', ''], [], []],
])('a connection to the loopback goes to who listens on %s', (_what, lines, inodes, inodes6) => {
  expect(inodesAt('127.0.0.1', lines)).toEqual(inodes);
  expect(inodesAt('::1', lines)).toEqual(inodes6);
  expect([...inodesAt('127.0.0.1', lines, 28302), ...inodesAt('::1', lines, 28302)]).toEqual([]);
});

test('addresses are as people write them', () => {
  const lines = [line('0A00000A', '1'), line('000000FD000000000000000002000000', '2')];
  expect(listenersOn(28301, lines).map(({ address }) => address)).toEqual(['10.0.0.10', 'fd00::2']);
});
