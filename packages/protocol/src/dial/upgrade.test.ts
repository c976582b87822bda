import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SUBPROTOCOL } from '../message/common.ts';
import { acceptOf, readUpgradeAnswer, upgradeRequest } from './upgrade.ts';

const accept = acceptOf('dGhlIHNhbXBsZSBub25jZQ==');
const answer = (subprotocol: string): string =>
  `HTTP/1.1 101 Switching Protocols\r\nUPGRADE: WebSocket\r\nSec-WebSocket-Accept:${accept}\r\n` +
  `sec-websocket-protocol:  ${subprotocol} \r\n\r\n`;

test('the accept is that of the example in RFC 6455 section 1.3', () => {
  expect(accept).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test('the request carries a key and a nonce that are never the same', () => {
  const [one, two] = [upgradeRequest('gpu001:26600'), upgradeRequest('gpu001:26600')];
  expect(one.accept).not.toBe(two.accept);
  expect(one.nonce).not.toBe(two.nonce);
  expect(one.text).toContain(`\r\nhostmesh-nonce: ${one.nonce}\r\n`);
});

test('an agent of before, which asks for the key itself, is told apart from other services that refuse', () => {
  const refusal = (why: string) =>
    Buffer.from(`HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\n${why}\n`);
  expect(readUpgradeAnswer(refusal('the agent key is missing or wrong'), accept)).toMatchObject({
    fault: {
      code: 'PROTOCOL_VERSION',
      message: expect.stringMatching(/version 2, the client 3: upgrade the agent/),
    },
  });
  expect(readUpgradeAnswer(refusal('sign in'), accept)).toMatchObject({ fault: { code: 'NOT_AN_AGENT' } });
});

test('what follows an accepted handshake is kept, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const read = readUpgradeAnswer(Buffer.concat([Buffer.from(answer(SUBPROTOCOL)), bytes]), accept);
      expect(read).toMatchObject({ kind: 'accepted', head: Buffer.from(bytes) });
    }),
  );
});

test('the start of an answer is incomplete, and nothing else', () => {
  const whole = Buffer.from(answer(SUBPROTOCOL));
  for (let end = 0; end < whole.length; end += 1) {
    expect(readUpgradeAnswer(whole.subarray(0, end), accept)).toEqual({ kind: 'incomplete' });
  }
});

test('any other bytes are refused or wait for more, without an exception', () => {
  const anything = fc.oneof(
    fc.uint8Array(),
    fc.string().map((text) => Buffer.from(`HTTP/1.1 101 ${text}\r\n\r\n`)),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      expect(readUpgradeAnswer(Buffer.from(bytes), accept).kind).not.toBe('accepted');
    }),
  );
});
