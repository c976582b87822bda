import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { OpenStreams } from './open-streams.ts';

const stream = () => new Readable({ read: () => undefined });
const reader = (tokenId: string, address: string) => ({ tokenId, address, credentials: { bearer: tokenId } });

function streamsOf(authenticate = async () => ({ name: 'x', tokenId: 'x' }) as never) {
  const streams = new OpenStreams(authenticate, { perToken: 3, perAddress: 2, lookMs: 5 });
  onTestFinished(() => streams.close());
  return streams;
}

test('streams are bounded by token and by address, and the refusal says which; one that closes makes room', async () => {
  const streams = streamsOf();
  const first = stream();
  expect(streams.admit(first, reader('a', '127.0.0.1'))).toBeNull();
  expect(streams.admit(stream(), reader('a', '::1'))).toBeNull();
  const refused = stream();
  expect(streams.admit(refused, reader('b', '127.0.0.2'))?.message).toContain('from this address (2)');
  expect(refused.destroyed).toBe(true);
  expect(streams.admit(stream(), reader('a', '10.0.0.1'))).toBeNull();
  expect(streams.admit(stream(), reader('a', '10.0.0.2'))).toMatchObject({
    code: 'rate_limited',
    message: expect.stringContaining('with this token (3)'),
  });
  first.destroy();
  await expect.poll(() => streams.admit(stream(), reader('b', '127.0.0.1'))).toBeNull();
});

test('streams end with what they were opened with; a database that does not tell ends none', async () => {
  let answer: () => Promise<unknown> = async () => {
    throw new Error('away');
  };
  let asked = 0;
  const streams = streamsOf(async () => ((asked += 1), (await answer()) as never));
  const open = stream();
  streams.admit(open, reader('a', '127.0.0.1'));
  await expect.poll(() => asked).toBeGreaterThan(1);
  expect(open.destroyed).toBe(false);
  answer = async () => undefined;
  await expect.poll(() => open.destroyed).toBe(true);
});
