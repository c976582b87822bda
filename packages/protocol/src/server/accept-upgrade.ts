import type { IncomingMessage } from 'node:http';
import { acceptOf } from '../dial/upgrade.ts';
import { AGENT_PATH, PROTOCOL_VERSION, SUBPROTOCOL } from '../message/common.ts';
import { spokenVersion, VERSION_HEADER } from '../message/version.ts';
import type { AgentKey } from '../proof/agent-key.ts';
import { agentSide, isNonce, NONCE_HEADER, type AgentSide } from '../proof/proof.ts';

/** What to answer, whether that opens a channel, what the client then speaks, and how it has to prove itself if it has to. */
type UpgradeReply =
  | {
      readonly accepted: true;
      readonly text: string;
      readonly clientVersion: number;
      readonly side: AgentSide | null;
    }
  | { readonly accepted: false; readonly text: string };

/**
 * The agent's half of the opening handshake (RFC 6455 section 4.2): the text to answer with, and whether it opens a
 * channel. Requests with an `Origin` come from a web page, which has no business here, least of all on loopback.
 */
export function answerUpgrade(request: IncomingMessage, agentKey: AgentKey | undefined): UpgradeReply {
  const { headers } = request;
  if (request.url?.split('?')[0] !== AGENT_PATH) return refuseUpgrade('404 Not Found', 'nothing here');
  if (headers.origin !== undefined) return refuseUpgrade('403 Forbidden', 'agents do not talk to web pages');
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
    return refuseUpgrade('400 Bad Request', `this is a WebSocket server for ${SUBPROTOCOL}`, spoken);
  }
  const clientVersion = spokenVersion(single(headers[VERSION_HEADER]));
  const nonce = single(headers[NONCE_HEADER]);
  // A client of another version hears of ours, and nothing else.
  const side =
    agentKey !== undefined && clientVersion === PROTOCOL_VERSION && isNonce(nonce)
      ? agentSide(agentKey, nonce)
      : null;
  if (agentKey !== undefined && clientVersion === PROTOCOL_VERSION && side === null) {
    return refuseUpgrade(
      '401 Unauthorized',
      `a client proves that it has the key: ${NONCE_HEADER} is missing`,
    );
  }
  const said = { [VERSION_HEADER]: PROTOCOL_VERSION, ...side?.headers };
  const text =
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptOf(key)}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n` +
    `${Object.entries(said)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;
  return { accepted: true, text, clientVersion, side };
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

/** The answer to an upgrade that opens no channel. */
export function refuseUpgrade(status: string, why: string, headers = ''): UpgradeReply {
  const text =
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
    `${headers}Content-Length: ${Buffer.byteLength(why) + 1}\r\n\r\n${why}\n`;
  return { accepted: false, text };
}
