import type { PrismaClient } from '../generated/client.ts';

/** A signed-in browser to store; `hash` is that of its cookie's value. */
export interface NewSession {
  hash: string;
  tokenId: string;
  createdAt: Date;
  expiresAt: Date;
}

/** Who a session belongs to. */
export interface SessionRecord {
  token: { id: string; name: string };
  createdAt: Date;
  expiresAt: Date;
}

/** Dashboard sessions by the hash of their cookie. */
export interface Sessions {
  create(session: NewSession): Promise<void>;
  /** Undefined once it has expired or its token was revoked. */
  find(hash: string, now: Date): Promise<SessionRecord | undefined>;
  delete(hash: string): Promise<void>;
  /** Answers how many there were. */
  deleteExpired(now: Date): Promise<number>;
}

/** The sessions of a database. */
export const createSessions = (client: PrismaClient): Sessions => ({
  create: async (session) => {
    await client.session.create({ data: session });
  },
  find: async (hash, now) => {
    const row = await client.session.findFirst({
      where: { hash, expiresAt: { gt: now }, token: { revokedAt: null } },
      select: { createdAt: true, expiresAt: true, token: { select: { id: true, name: true } } },
    });
    return row ?? undefined;
  },
  delete: async (hash) => {
    await client.session.deleteMany({ where: { hash } });
  },
  deleteExpired: async (now) => {
    const { count } = await client.session.deleteMany({ where: { expiresAt: { lte: now } } });
    return count;
  },
});
