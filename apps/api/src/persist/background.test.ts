import { expect, test } from 'vitest';
import { Background } from './background.ts';

test('stopping waits for work that begins while other work ends', async () => {
  const background = new Background({ error: () => undefined });
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const order: string[] = [];
  background.run('the first was not done', async () => {
    await first.promise;
    background.run('the second was not done', async () => {
      await second.promise;
      order.push('the second is done');
    });
  });
  const stopped = background.stop().then(() => order.push('stopped'));
  first.resolve();
  setImmediate(() => second.resolve());
  await stopped;
  expect(order).toEqual(['the second is done', 'stopped']);
});
