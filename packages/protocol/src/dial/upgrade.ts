import { hash, randomBytes } from 'node:crypto';
import { AGENT_PATH, PROTOCOL_VERSION, SUBPROTOCOL } from '../message/common.ts';
import { spokenVersion, VERSION_HEADER, versionConflict } from '../message/version.ts';
import { newNonce, NONCE_HEADER, PROOF_HEADER } from '../proof/proof.ts';
import type { ConnectFault } from '../transport.ts';
import { connectFault } from './connect-fault.ts';
import { guessProtocol } from './guess-protocol.ts';

/** Appended to the key by RFC 6455 section 4.2.2. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MAX_HEAD_BYTES = 16_384;
const HTTP_PREFIX = 'HTTP/1.1 ';
/** The last version in which clients sent the key itself. */
const LAST_WITH_BEARER = 2;

/** The `Sec-WebSocket-Accept` that proves that the peer read our key. */
export const acceptOf = (key: string): string => hash('sha1', key + ACCEPT_SUFFIX, 'base64');

/** The client's half of the opening handshake: what to send, the accept that must come back, and our nonce for a proof. */
export function upgradeRequest(host: string): { text: string; accept: string; nonce: string } {
  const key = randomBytes(16).toString('base64');
  const nonce = newNonce();
  const text =
    `GET ${AGENT_PATH} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n` +
    `${VERSION_HEADER}: ${PROTOCOL_VERSION}\r\n${NONCE_HEADER}: ${nonce}\r\n\r\n`;
  return { text, accept: acceptOf(key), nonce };
}

/** What an agent says of itself as it accepts. */
export interface AgentSaid {
  /** False for agents of version 2 and before, which say theirs in their hello. */
  readonly version: boolean;
  readonly nonce: string | undefined;
  readonly proof: string | undefined;
}

export type UpgradeAnswer =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'accepted'; readonly head: Buffer; readonly said: AgentSaid }
  | { readonly kind: 'refused'; readonly fault: ConnectFault };

/** Reads the peer's half. What follows an accepted handshake is `head`: often the hello. */
export function readUpgradeAnswer(bytes: Buffer, accept: string): UpgradeAnswer {
  const prefix = bytes.toString('latin1', 0, HTTP_PREFIX.length);
  if (!HTTP_PREFIX.startsWith(prefix)) return notAnAgent(guessProtocol(bytes));
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) {
    return bytes.length < MAX_HEAD_BYTES ? { kind: 'incomplete' } : notAnAgent('its answer has no end');
  }
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = statusLine.slice(HTTP_PREFIX.length, HTTP_PREFIX.length + 3);
  const headers = new Map(lines.map(headerOf));
  const subprotocol = headers.get('sec-websocket-protocol') ?? '';
  // In these words agents of version 2 and before asked for the key itself.
  if (status === '401' && bytes.includes('the agent key is missing or wrong', end)) {
    return refused('PROTOCOL_VERSION', versionConflict({ agent: LAST_WITH_BEARER }) ?? '');
  }
  if (subprotocol !== SUBPROTOCOL && subprotocol.startsWith('hostmesh.agent.')) {
    return refused(
      'PROTOCOL_VERSION',
      `the agent speaks ${subprotocol.slice(0, 40)}, the client ${SUBPROTOCOL}: upgrade the older of them`,
    );
  }
  if (status !== '101') return notAnAgent(`it answered HTTP ${status}`);
  if (headers.get('sec-websocket-accept') !== accept) return notAnAgent('it is no WebSocket server');
  if (subprotocol !== SUBPROTOCOL) return notAnAgent(`it does not speak ${SUBPROTOCOL}`);
  const version = headers.get(VERSION_HEADER);
  const conflict = version === undefined ? null : versionConflict({ agent: spokenVersion(version) });
  if (conflict !== null) return refused('PROTOCOL_VERSION', conflict);
  const said = {
    version: version !== undefined,
    nonce: headers.get(NONCE_HEADER),
    proof: headers.get(PROOF_HEADER),
  };
  return { kind: 'accepted', head: bytes.subarray(end + 4), said };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

const refused = (code: string, message: string): UpgradeAnswer => ({
  kind: 'refused',
  fault: connectFault('handshaking', code, message),
});
const notAnAgent = (why: string): UpgradeAnswer => ({ kind: 'refused', fault: notAnAgentFault(why) });

/** What listens there speaks something else; `retryable` where it may be an agent after all, by and by. */
export const notAnAgentFault = (why: string, more: { readonly retryable?: boolean } = {}): ConnectFault =>
  connectFault('handshaking', 'NOT_AN_AGENT', `what listens there is not an agent: ${why}`, more);
