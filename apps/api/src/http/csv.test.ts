import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { csvStream } from './csv.ts';

test('rows are written in the order in which they come', async () => {
  async function* batches() {
    yield [{ n: 1 }, { n: 2 }];
    yield [{ n: 3 }];
  }
  expect(await text(csvStream([['n', (row) => row.n]], batches()))).toBe('n\r\n1\r\n2\r\n3\r\n');
});
