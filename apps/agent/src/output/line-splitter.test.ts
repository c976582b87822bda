import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';

const textsOf = (...chunks: Buffer[]) => {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()].map(({ text }) => text);
};
const inPieces = (data: Buffer, sizes: readonly number[]) => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, data.length]) {
    chunks.push(data.subarray(at, at + size));
    at += size;
  }
  return chunks;
};

test('lines end at newlines, with or without a carriage return, and the last one at the end', () => {
  expect(textsOf(Buffer.from('a\r\nb\n\nlast'))).toEqual(['a', 'b', '', 'last']);
});

test('what is not UTF-8 is replaced, and NUL', () => {
  expect(textsOf(Buffer.from([0x61, 0xff, 0x00, 0x62, 0x0a]))).toEqual(['a\uFFFD\uFFFDb']);
});

test('an endless line comes in pieces that say so, and that break no character', () => {
  const splitter = new LineSplitter();
  const long = '€'.repeat(10_000);
  const lines = [...splitter.push(Buffer.from(long)), ...splitter.push(Buffer.from('\nnext\n'))];
  expect(lines.map(({ partial }) => partial)).toEqual([true, true, true, false, false]);
  expect(
    lines
      .slice(0, 4)
      .map(({ text }) => text)
      .join(''),
  ).toBe(long);
  expect(lines[4]?.text).toBe('next');
});

test('however the bytes arrive, the lines are the same and no piece is longer than the limit', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc.string({ unit: 'grapheme', maxLength: 50 }).map((text) => Buffer.from(text)),
    fc.nat(20_000).map((size) => Buffer.alloc(size, 'ä')),
    fc.constant(Buffer.from('\n')),
  );
  fc.assert(
    fc.property(fc.array(bytes), fc.array(fc.nat(9000)), (parts, sizes) => {
      const data = Buffer.concat(parts);
      const texts = textsOf(...inPieces(data, sizes));
      expect(texts).toEqual(textsOf(data));
      for (const text of texts) expect(text.length).toBeLessThanOrEqual(MAX_LINE_BYTES);
    }),
  );
});

test('keeps less than a piece, whatever it is fed', () => {
  const splitter = new LineSplitter();
  for (let count = 0; count < 50; count += 1) {
    splitter.push(Buffer.alloc(100_000, count));
    expect(splitter.pendingBytes).toBeLessThanOrEqual(MAX_LINE_BYTES);
  }
});
