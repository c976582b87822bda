import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tokens } from '@hostmesh/db';
import { whyWeak, writeWhole } from '@hostmesh/part';
import { newId } from '../id/random-id.ts';
import { hashOfSecret, newSecret } from '../id/random-id.ts';

/**
 * - `made`: at this start
 * - `kept`: the file has it
 * - `elsewhere`: the database has one that this data directory does not know
 * - `weak`: what somebody wrote into the file could be guessed, and lets nobody in
 */
export type AdminToken =
  | { readonly kind: 'made' | 'kept' | 'elsewhere'; readonly file: string }
  | { readonly kind: 'weak'; readonly file: string; readonly why: string };

/**
 * Sees to it that there is an admin token. The file, which only its owner can read, decides: a token that somebody
 * wrote there is taken over, which is also the way back in for those who lost theirs.
 */
export async function ensureAdminToken(dataDir: string, tokens: Tokens, now: Date): Promise<AdminToken> {
  const file = join(dataDir, 'admin-token');
  const kept = await readToken(file);
  if (kept !== undefined) {
    const why = whyWeak(`the admin token in ${file}`, kept);
    if (why !== null) return { kind: 'weak', file, why };
    if ((await tokens.find(hashOfSecret(kept))) === undefined) await tokens.replace(adminToken(kept, now));
    return { kind: 'kept', file };
  }
  const token = newSecret();
  // First the file: a token that the database has and nobody knows would lock everybody out.
  await writeWhole(file, `${token}\n`);
  const created = await tokens.create(adminToken(token, now));
  if (created.ok) return { kind: 'made', file };
  await rm(file);
  return { kind: 'elsewhere', file };
}

const adminToken = (token: string, createdAt: Date) => ({
  id: newId('tok'),
  name: 'admin',
  hash: hashOfSecret(token),
  createdAt,
});

async function readToken(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
