import { expect, test } from 'vitest';
import type { Column } from './column.ts';
import { parseFilter, rowMatcher, unknownKeys, withToken } from './filter.ts';

interface Host {
  address: string;
  state: string;
  code: string | null;
}
const columns: readonly Column<Host>[] = [
  { id: 'address', header: 'Address', value: (host) => host.address, width: 1 },
  { id: 'state', header: 'State', value: (host) => host.state, width: 1, match: 'exact' },
  { id: 'code', header: 'Code', value: (host) => host.code, width: 1 },
];
const hosts: Host[] = [
  { address: 'tcp:gpu0:26600', state: 'installed', code: null },
  { address: 'tcp:gpu1:26600', state: 'awaiting_ack', code: null },
  { address: 'tcp:gpu2:26600', state: 'failed', code: 'ECONNREFUSED' },
];
const found = (filter: string) =>
  hosts.filter(rowMatcher(parseFilter(filter), columns)).map((host) => host.address.slice(4, 8));

test.each([
  ['', ['gpu0', 'gpu1', 'gpu2']],
  ['GPU1', ['gpu1']],
  ['state:failed', ['gpu2']],
  ['state:fail', []],
  ['state:failed,installed', ['gpu0', 'gpu2']],
  ['-state:failed', ['gpu0', 'gpu1']],
  ['-gpu0 -gpu1', ['gpu2']],
  ['state:awaiting_ack', ['gpu1']],
  ['state:"awaiting ack"', ['gpu1']],
  ['code:refused', ['gpu2']],
  ['code:none', ['gpu0', 'gpu1']],
  ['tcp:gpu2:26600', ['gpu2']],
  ['state:failed gpu0', []],
  ['state:', ['gpu0', 'gpu1', 'gpu2']],
  ['-', []],
  ['"', ['gpu0', 'gpu1', 'gpu2']],
])('the filter %j finds %j', (filter, expected) => {
  expect(found(filter)).toEqual(expected);
});

test('a key that no column has is named, and filters nothing', () => {
  expect(unknownKeys(parseFilter('stat:failed gpu2'), columns)).toEqual(['stat']);
  expect(found('stat:failed gpu2')).toEqual(['gpu2']);
});

test('a token replaces the one of the same key and leaves the rest', () => {
  expect(withToken('gpu state:failed', 'state', 'installed')).toBe('gpu state:installed');
  expect(withToken('gpu state:failed', 'state', '')).toBe('gpu');
  expect(withToken('', 'state', 'awaiting ack')).toBe('state:"awaiting ack"');
});
