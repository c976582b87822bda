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

test('the request carries a key that is never the same, and the agent key if there is one', () => {
  const requests = [1, 2].map(() => upgradeRequest('gpu001:26600', undefined));
  expect(requests[0]?.accept).not.toBe(requests[1]?.accept);
  expect(requests[0]?.text).not.toContain('Authorization');
  expect(upgradeRequest('gpu001:26600', 'secret').text).toContain('\r\nAuthorization: Bearer secret\r\n');
});

test('what follows an accepted handshake is kept, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const read = readUpgradeAnswer(Buffer.concat([Buffer.from(answer(SUBPROTOCOL)), bytes]), accept);
      expect(read).toEqual({ kind: 'accepted', head: Buffer.from(bytes) });
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
