import type { LogEntry } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { LineJoiner } from './log-sink.ts';

const entry = (text: string, given: Partial<LogEntry> = {}): LogEntry => ({
  seq: 1,
  stream: 'stdout',
  at: '2026-01-01T00:00:00.000Z',
  text,
  partial: false,
  ...given,
});

test('pieces of a line are put together, each stream by itself', () => {
  const lines = new LineJoiner();
  expect(lines.push(entry('a', { partial: true }))).toBeUndefined();
  expect(lines.push(entry('x', { stream: 'stderr' }))).toBe('x');
  expect(lines.push(entry('b'))).toBe('ab');
  expect(lines.push(entry('c', { partial: true }))).toBeUndefined();
  expect(lines.pending('stdout')).toBe('c');
  expect(lines.rest()).toEqual([['stdout', 'c']]);
  expect(lines.rest()).toEqual([]);
});

test('a line without end is not kept for ever', () => {
  const lines = new LineJoiner();
  const piece = entry('x'.repeat(16_384), { partial: true });
  const shown = Array.from({ length: 8 }, () => lines.push(piece)).filter((line) => line !== undefined);
  expect(shown.map((line) => line.length)).toEqual([65_536, 65_536]);
});
