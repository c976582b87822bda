import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { csvAnswer } from './csv.ts';

test('rows are written as their items, in the order in which they come', async () => {
  async function* batches() {
    yield [{ n: 1 }, { n: 2 }];
    yield [{ n: 3 }];
  }
  const answer = csvAnswer({
    name: 'n.csv',
    columns: [['n', (item: { n: number }) => item.n]],
    batches: batches(),
    toItem: ({ n }) => ({ n: n * 10 }),
  });
  expect(await text(answer.value.stream)).toBe('n\r\n10\r\n20\r\n30\r\n');
  expect(answer.value.headers).toEqual({ 'content-disposition': 'attachment; filename="n.csv"' });
});
