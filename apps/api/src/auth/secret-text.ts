import { createHash, randomBytes } from 'node:crypto';

/** A new secret of 256 random bits, as in `hm_3fk…`. */
export const newSecret = (): string => `hm_${randomBytes(32).toString('base64url')}`;

/**
 * What the database holds of a secret. Secrets are found by this hash, which tells nothing about how much of a
 * guess was right, so looking one up takes no time that depends on the secret. Being random, they need no salt.
 */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
