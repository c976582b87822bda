import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '../generated/client.ts';

/** A signed-in browser to store; `hash` is that of its cookie's value. */
export interface NewSession {
  hash: string;
  tokenId: string;
  createdAt: Date;
  expiresAt: Date;
  /** The name and port that the browser signed in at. */
  host: string;
}

/** Who a session belongs to. */
export interface SessionRecord {
  token: { id: string; name: string };
  createdAt: Date;
  expiresAt: Date;
  host: string;
}

/** Dashboard sessions by the hash of their cookie. */
export interface Sessions {
  create(session: NewSession): Promise<void>;
  /** Undefined once it has expired or its token was revoked. */
  find(hash: string, now: Date): Promise<SessionRecord | undefined>;
  delete(hash: string): Promise<void>;
  /** Answers how many there were. */
  deleteExpired(now: Date): Promise<number>;
  /** What names this installation in the cookies of browsers that know several; made once. */
  installation(): Promise<string>;
}

/** The sessions of a database. */
export const createSessions = (client: PrismaClient): Sessions => ({
  create: async (session) => {
    await client.session.create({ data: session });
  },
  find: async (hash, now) => {
    const row = await client.session.findFirst({
      where: { hash, expiresAt: { gt: now }, token: { revokedAt: null } },
      select: { createdAt: true, expiresAt: true, host: true, token: { select: { id: true, name: true } } },
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
  installation: async () => {
    const made = { id: randomBytes(5).toString('hex') };
    await client.installation.createMany({ data: made, skipDuplicates: true });
    return (await client.installation.findFirstOrThrow()).id;
  },
});
