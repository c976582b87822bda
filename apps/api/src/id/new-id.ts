import { randomBytes } from 'node:crypto';
import { encodeBase58 } from '@hostmesh/core';

/** A new id of a kind, as in `att_4kq9…`: 128 random bits, safe in a URL and in one double click. */
export const newId = (kind: 'att' | 'tok' | 'aud'): string =>
  `${kind}_${encodeBase58(randomBytes(16).reduce((number, byte) => number * 256n + BigInt(byte), 0n))}`;

/** 64 random bits: the number of a mesh instance (reference 2.3). */
export const randomUid = (): bigint => randomBytes(8).readBigUInt64BE();
