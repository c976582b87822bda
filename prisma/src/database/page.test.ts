import { expect, test } from 'vitest';
import { cutPage, readRankCursor, readTimeCursor, timeCursor } from './page.ts';

test('a cursor reads back as the position that it was made from', () => {
  const position = { at: new Date('2026-03-01T12:00:00.123Z'), id: 'att_4kq9-x' };
  expect(readTimeCursor(timeCursor(position))).toEqual({ ok: true, value: position });
});

test('no cursor asks for the first page', () => {
  expect(readTimeCursor(undefined)).toEqual({ ok: true, value: undefined });
  expect(readRankCursor(undefined)).toEqual({ ok: true, value: -1 });
});

test('what no list gave out is refused', () => {
  for (const cursor of ['', 'x', '1', '1.', '-1.a', '1.a b', `1.${'a'.repeat(101)}`, '9999999999999999.a']) {
    expect(readTimeCursor(cursor)).toMatchObject({ ok: false, fault: { code: 'invalid_cursor' } });
  }
  for (const cursor of ['', '-1', '1e3', '10000000000', '1.a']) {
    expect(readRankCursor(cursor)).toMatchObject({ ok: false, fault: { code: 'invalid_cursor' } });
  }
});

test('the last page has no next one, also when it is full', () => {
  const cut = (rows: number[]) => cutPage(rows, 2, String);
  expect(cut([1, 2, 3])).toEqual({ items: [1, 2], nextCursor: '2' });
  expect(cut([1, 2])).toEqual({ items: [1, 2], nextCursor: null });
  expect(cut([])).toEqual({ items: [], nextCursor: null });
});
