import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { acceptOf } from '../dial/upgrade.ts';
import { AGENT_PATH, SUBPROTOCOL } from '../message/common.ts';
import { spokenVersion, VERSION_HEADER } from '../message/version.ts';

/** What to answer, whether that opens a channel, and then what the client speaks. */
type UpgradeReply =
  | { readonly accepted: true; readonly text: string; readonly clientVersion: number }
  | { readonly accepted: false; readonly text: string };

/**
 * The agent's half of the opening handshake (RFC 6455 section 4.2): the text to answer with, and whether it opens a
 * channel. Requests with an `Origin` come from a web page, which has no business here, least of all on loopback.
 */
export function answerUpgrade(request: IncomingMessage, agentKey: string | undefined): UpgradeReply {
  const { headers } = request;
  if (request.url?.split('?')[0] !== AGENT_PATH) return refuse('404 Not Found', 'nothing here');
  if (headers.origin !== undefined) return refuse('403 Forbidden', 'agents do not talk to web pages');
  if (agentKey !== undefined && !sameSecret(headers.authorization ?? '', `Bearer ${agentKey}`)) {
    return refuse('401 Unauthorized', 'the agent key is missing or wrong', 'WWW-Authenticate: Bearer\r\n');
  }
  const key = headers['sec-websocket-key'];
  const offered = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim());
  if (
    request.method !== 'GET' ||
    headers['sec-websocket-version'] !== '13' ||
    key === undefined ||
    !/^[+/0-9A-Za-z]{22}==$/.test(key) ||
    offered?.includes(SUBPROTOCOL) !== true
  ) {
    const spoken = `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n`;
    return refuse('400 Bad Request', `this is a WebSocket server for ${SUBPROTOCOL}`, spoken);
  }
  const text =
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptOf(key)}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`;
  const spoken = headers[VERSION_HEADER];
  return { accepted: true, text, clientVersion: spokenVersion(Array.isArray(spoken) ? spoken[0] : spoken) };
}

function refuse(status: string, why: string, headers = ''): UpgradeReply {
  const text =
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
    `${headers}Content-Length: ${why.length + 1}\r\n\r\n${why}\n`;
  return { accepted: false, text };
}

/** Compares digests, so that neither content nor length of the secret shows in the time it takes. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
