import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../message/common.ts';
import { parseJson } from '../message/frame.ts';
import type { AgentKey } from './agent-key.ts';

/** The header with a side's nonce, and the one with the agent's proof: docs/handshake.md describes all of it. */
export const NONCE_HEADER = 'hostmesh-nonce';
export const PROOF_HEADER = 'hostmesh-proof';

const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;
/** The key of a cipher goes in as text: of bytes Node makes a key object, which takes three times as long as all the rest. */
const cipherOptions = { authTagLength: TAG_BYTES, encoding: 'latin1' } as const;
/** Every key of this cipher is used for one message alone, so it needs no number of its own. */
const NO_NONCE = Buffer.alloc(12);

/** What both sides have chosen for one connection: each 32 random bytes in base64url. */
export interface Nonces {
  readonly client: string;
  readonly agent: string;
}

export const newNonce = (): string => randomBytes(32).toString('base64url');
export const isNonce = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w-]{43}$/.test(text);

/** What only a holder of the key can say of a connection; `label` keeps one from being taken for another. */
function codeFor(label: 'agent' | 'client' | 'hello', key: AgentKey, nonces: Nonces): Buffer {
  const bound = [SUBPROTOCOL, PROTOCOL_VERSION, label, nonces.client, nonces.agent];
  return key.codeOf(bound.join('\n'));
}

const helloKey = (key: AgentKey, nonces: Nonces): string => codeFor('hello', key, nonces).toString('latin1');

const proofOf = (role: 'agent' | 'client', key: AgentKey, nonces: Nonces): string =>
  codeFor(role, key, nonces).toString('base64url');

/** Takes the same time for every wrong text of the right length. */
const isSame = (given: string, expected: string): boolean =>
  Buffer.byteLength(given) === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

/** An agent's part in a connection whose client has yet to prove itself. */
export interface AgentSide {
  /** The agent's nonce and proof, for its answer to the upgrade. */
  readonly headers: Readonly<Record<typeof NONCE_HEADER | typeof PROOF_HEADER, string>>;
  /** The frame with a hello that only a holder of the key can read. To be used once. */
  seal(hello: string): string;
  /** Whether a frame, the client's first, proves that it has the key. */
  admits(frame: string): boolean;
}

export function agentSide(key: AgentKey, clientNonce: string, agentNonce = newNonce()): AgentSide {
  const nonces: Nonces = { client: clientNonce, agent: agentNonce };
  return {
    headers: { [NONCE_HEADER]: agentNonce, [PROOF_HEADER]: proofOf('agent', key, nonces) },
    seal(hello) {
      const cipher = createCipheriv(CIPHER, helloKey(key, nonces), NO_NONCE, cipherOptions);
      const sealed = Buffer.concat([cipher.update(hello, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return JSON.stringify({ type: 'sealed_hello', sealed: sealed.toString('base64') });
    },
    admits(frame) {
      const proof = fieldOf(frame, 'proof', 'proof');
      return proof !== undefined && isSame(proof, proofOf('client', key, nonces));
    },
  };
}

/** A client's part in a connection whose agent has proved itself. */
export interface ClientSide {
  /** The client's first frame. */
  readonly proof: string;
  /** The hello in the agent's first frame; undefined when it is not sealed with our key. */
  open(frame: string): string | undefined;
}

/** Undefined when the agent's proof is not of our key. */
export function clientSide(key: AgentKey, nonces: Nonces, agentProof: string): ClientSide | undefined {
  if (!isSame(agentProof, proofOf('agent', key, nonces))) return undefined;
  return {
    proof: JSON.stringify({ type: 'proof', proof: proofOf('client', key, nonces) }),
    open(frame) {
      const sealed = Buffer.from(fieldOf(frame, 'sealed_hello', 'sealed') ?? '', 'base64');
      if (sealed.length < TAG_BYTES) return undefined;
      const cipher = createDecipheriv(CIPHER, helloKey(key, nonces), NO_NONCE, cipherOptions);
      cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]).toString();
      } catch {
        // How the cipher says that the tag is wrong.
        return undefined;
      }
    },
  };
}

/** The text in a frame of this type; a schema for these two took as long as the codes. */
function fieldOf(frame: string, type: string, name: string): string | undefined {
  const json = parseJson(frame);
  if (!json.ok) return undefined;
  // Of whatever else this is, null among it, no field is a text.
  const read = Object(json.value) as Readonly<Record<string, unknown>>;
  const text = read[name];
  return read['type'] === type && typeof text === 'string' ? text : undefined;
}
