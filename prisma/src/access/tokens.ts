import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { PrismaClient } from '../generated/client.ts';

/** A bearer token as stored: only its hash (design section 9). */
export interface ApiTokenRecord {
  id: string;
  name: string;
  createdAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

/** A token to store; `hash` is what `find` is asked with. */
export interface NewApiToken {
  id: string;
  name: string;
  hash: string;
  createdAt: Date;
}

/** API tokens by the hash of their secret. */
export interface Tokens {
  /** Names are unique, so that of several replicas making the first token exactly one succeeds. */
  create(token: NewApiToken): Promise<Result<void, Fault<'token_name_taken'>>>;
  /** Gives the token of that name another secret and ends its sessions and codes; makes it when there is none. */
  replace(token: NewApiToken): Promise<void>;
  /** The token with this hash, unless it was revoked. */
  find(hash: string): Promise<ApiTokenRecord | undefined>;
  /** Oldest first, revoked ones included. */
  list(): Promise<ApiTokenRecord[]>;
  /** Ends its sessions and codes too. Answers false when there is no such token, or it was revoked before. */
  revoke(id: string, revokedAt: Date): Promise<boolean>;
  touch(id: string, lastUsedAt: Date): Promise<void>;
}

/** The tokens of a database. */
export const createTokens = (client: PrismaClient): Tokens => ({
  create: async (token) => {
    const { count } = await client.apiToken.createMany({ data: [token], skipDuplicates: true });
    return count === 1
      ? ok(undefined)
      : fail({ code: 'token_name_taken', message: `There is a token named ${token.name} already` });
  },
  replace: async ({ id, name, hash, createdAt }) => {
    const secret = { hash, createdAt, revokedAt: null, lastUsedAt: null };
    await client.$transaction([
      client.session.deleteMany({ where: { token: { name } } }),
      client.signInCode.deleteMany({ where: { token: { name } } }),
      client.apiToken.upsert({ where: { name }, create: { id, name, ...secret }, update: secret }),
    ]);
  },
  find: async (hash) => {
    const row = await client.apiToken.findFirst({ where: { hash, revokedAt: null }, omit: { hash: true } });
    return row ?? undefined;
  },
  list: () =>
    client.apiToken.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], omit: { hash: true } }),
  revoke: async (id, revokedAt) => {
    const [, , { count }] = await client.$transaction([
      client.session.deleteMany({ where: { tokenId: id } }),
      client.signInCode.deleteMany({ where: { tokenId: id } }),
      client.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt } }),
    ]);
    return count === 1;
  },
  touch: async (id, lastUsedAt) => {
    await client.apiToken.updateMany({ where: { id }, data: { lastUsedAt } });
  },
});
