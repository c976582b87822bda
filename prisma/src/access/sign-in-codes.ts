import type { PrismaClient } from '../generated/client.ts';

/** A code to store; `hash` is that of the code. */
export interface NewSignInCode {
  hash: string;
  tokenId: string;
  createdAt: Date;
  expiresAt: Date;
}

/** Codes that sign a browser in once, by their hash. */
export interface SignInCodes {
  /** Forgets those that have expired. */
  create(code: NewSignInCode): Promise<void>;
  /** Whose code it is, once: undefined when it was used, has expired, or its token was revoked. */
  redeem(hash: string, now: Date): Promise<{ id: string; name: string } | undefined>;
}

/** The codes of a database. */
export const createSignInCodes = (client: PrismaClient): SignInCodes => ({
  create: async (code) => {
    await client.signInCode.deleteMany({ where: { expiresAt: { lte: code.createdAt } } });
    await client.signInCode.create({ data: code });
  },
  redeem: async (hash, now) => {
    const found = await client.signInCode.findFirst({
      where: { hash, expiresAt: { gt: now }, token: { revokedAt: null } },
      select: { token: { select: { id: true, name: true } } },
    });
    // Of several who have found it, one deletes it.
    const { count } = await client.signInCode.deleteMany({ where: { hash } });
    return found !== null && count === 1 ? found.token : undefined;
  },
});
