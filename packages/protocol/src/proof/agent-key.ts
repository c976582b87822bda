import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/** What is shorter could be found by trying, from one proof that anybody may ask an agent for. */
export const MIN_KEY_BYTES = 16;
const MAX_KEY_BYTES = 1024;

/** Why a text cannot be the key of agents, in words that do not quote it. */
export type AgentKeyFault = Fault<'agent_key'>;

/**
 * The key that a console shares with its hosts. It makes codes over texts, and is never sent, printed or logged: none of
 * these can get it out of here.
 */
export class AgentKey {
  readonly #key: KeyObject;

  private constructor(text: string) {
    this.#key = createSecretKey(text, 'utf8');
  }

  /** White space around it, such as the end of the line in a file, is not part of it. */
  static parse(text: string): Result<AgentKey, AgentKeyFault> {
    const key = text.trim();
    const bytes = Buffer.byteLength(key);
    if (bytes >= MIN_KEY_BYTES && bytes <= MAX_KEY_BYTES) return ok(new AgentKey(key));
    const message =
      `the agent key has ${bytes} bytes; ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} are needed: ` +
      'make one with `openssl rand -hex 32`';
    return fail({ code: 'agent_key', message });
  }

  /** HMAC-SHA256 of a text: 32 bytes. */
  codeOf(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

/** Where a key comes from: its text, or a file that holds it. The file wins, being the safer of the two. */
export interface AgentKeySource {
  readonly text?: string | undefined;
  readonly file?: string | undefined;
}

/** Reads the key, if there is any. The fault says which file could not be read, or what is wrong with its length. */
export async function readAgentKey({
  text,
  file,
}: AgentKeySource): Promise<Result<AgentKey | undefined, AgentKeyFault>> {
  try {
    const found = file === undefined ? text : await readFile(file, 'utf8');
    return found === undefined ? ok(undefined) : AgentKey.parse(found);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail({ code: 'agent_key', message: `the agent key cannot be read: ${why}`, cause });
  }
}
