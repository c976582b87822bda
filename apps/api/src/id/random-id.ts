import { createHash, randomBytes } from 'node:crypto';
import { encodeBase58 } from '@hostmesh/core';

/** A new id of a kind, as in `att_4kq9…`: 128 random bits, safe in a URL and in one double click. */
export const newId = (kind: 'att' | 'tok' | 'aud'): string =>
  `${kind}_${encodeBase58(randomBytes(16).reduce((number, byte) => number * 256n + BigInt(byte), 0n))}`;

/** 64 random bits: the number of a mesh instance (reference 2.3). */
export const randomUid = (): bigint => randomBytes(8).readBigUInt64BE();

/** A new secret of 256 random bits, as in `hm_3fk…`. */
export const newSecret = (): string => `hm_${randomBytes(32).toString('base64url')}`;

/**
 * What the database holds of a secret. Secrets are found by this hash, which tells nothing about how much of a
 * guess was right, so looking one up takes no time that depends on the secret. Being random, they need no salt.
 */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
