import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { guardServer } from './guard-server.ts';

const limits = { maxWaiting: 3, maxUnanswered: 4, stalledMs: 100, minBytesPerSecond: 1e9, lookMs: 20 };

/** A guarded server on a free port, what it was asked, and a way to connect to it. */
async function guarded(answer: RequestListener) {
  const server = createServer();
  const door = guardServer(server, limits);
  const asked: string[] = [];
  server.on('request', (request) => asked.push(request.url ?? ''));
  server.on('request', answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const visit = async (text = ''): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
    return socket;
  };
  return { server, door, asked, visit };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const closed = (socket: Socket) => expect.poll(() => socket.closed, { timeout: 10_000 });

test('a new connection is always taken: of strangers that keep us waiting the oldest goes, and nobody who is answered or proved', async () => {
  const { door, visit, asked, server } = await guarded((request) => {
    if (request.url === '/known') door.prove(request.socket);
  });
  const answered = await visit(get('/long'));
  const known = await visit(get('/known'));
  await expect.poll(() => asked).toEqual(['/long', '/known']);
  const slow = await visit('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n.');
  const silent = [await visit(), await visit()];
  const next = await visit();
  await closed(slow.resume()).toBe(true);
  expect([answered, known, ...silent, next].map((socket) => socket.closed)).toEqual(Array(5).fill(false));
  expect(server.listening).toBe(true);
});

test('who does not read is cut off, although he goes on to send, and who reads is not', async () => {
  const { visit } = await guarded((_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  });
  const unread = (await visit(get('/'))).pause();
  const read = (await visit(get('/'))).resume();
  const drip = setInterval(() => unread.write('x'), 10);
  onTestFinished(() => clearInterval(drip));
  // Only a socket that is written to notices that it was cut off while it does not read.
  await expect.poll(() => unread.errored !== null || unread.closed, { timeout: 10_000 }).toBe(true);
  expect(read.closed).toBe(false);
});

test('more requests at once than one may have open are not even looked at', async () => {
  const { visit, asked } = await guarded(() => undefined);
  const socket = await visit(get('/').repeat(500));
  await closed(socket.resume()).toBe(true);
  expect(asked.length).toBe(limits.maxUnanswered);
});
