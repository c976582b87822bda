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
    fc
      .constantFrom('\n', '\r', '\r\n', '\r\r\n', '\b', '\x1b[2K', '\x1b[1G', '\x1b[31m')
      .map((sign) => Buffer.from(sign)),
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

test.each([
  ['a carriage return', '10%\r50%\r100%\n', '100%'],
  ['one before the end of the line', 'done\r\n', 'done'],
  ['several before the end of the line', 'done\r\r\n', 'done'],
  ['one at the end of all', 'done\r', 'done'],
  ['erasing the line', 'ab\x1b[2Kcd\n', 'cd'],
  ['going to its start', 'ab\x1b[1Gcd\x1b[G\n', 'cd'],
  ['what other sequences do not', '\x1b[31mab\x1b[Kcd\n', '\x1b[31mab\x1b[Kcd'],
  ['backspaces, letter by letter', 'wait |\b/\b-\bok\n', 'wait ok'],
])('a line is what it was rewritten to last: %s', (_, written, shown) => {
  expect(textsOf(Buffer.from(written))).toEqual([shown]);
});

test('a line that has not ended can be seen, without half a character or half a sign', () => {
  const splitter = new LineSplitter();
  const seen = (...bytes: number[]) => {
    splitter.push(Buffer.from(bytes));
    return splitter.pendingText;
  };
  expect([seen(0x61, 0xe2), seen(0x82), seen(0xac), seen(0x0d), seen(0x0d), seen(0x62), seen(0x1b)]).toEqual([
    'a',
    'a',
    'a€',
    'a€',
    'a€',
    'b',
    'b',
  ]);
});

test('a line that is rewritten for ever takes no more room than one', () => {
  const splitter = new LineSplitter();
  const lines = Array.from({ length: 50_000 }, (_, step) =>
    splitter.push(Buffer.from(`step ${step} of many\r`)),
  );
  expect(lines.flat()).toEqual([]);
  expect(splitter.pending.length).toBeLessThan(50);
  expect(splitter.end()).toEqual([{ text: 'step 49999 of many', partial: false }]);
});

test('whoever begins with what is pending goes on with the same line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'ä', '\r', '\n', '\x1b[2K', '\x1b', '[', '\b'), { maxLength: 40 }),
      fc.nat(60),
      (parts, at) => {
        const data = Buffer.from(parts.join(''));
        const first = new LineSplitter();
        const before = first.push(data.subarray(0, at));
        const second = new LineSplitter();
        const after = [...second.push(first.pending), ...second.push(data.subarray(at)), ...second.end()];
        expect([...before, ...after].map(({ text }) => text)).toEqual(textsOf(data));
      },
    ),
  );
});

test('keeps little more than a piece, whatever it is fed', () => {
  const splitter = new LineSplitter();
  for (let count = 0; count < 50; count += 1) {
    splitter.push(Buffer.alloc(100_000, count));
    expect(splitter.pending.length).toBeLessThanOrEqual(MAX_LINE_BYTES + 1024);
  }
});
