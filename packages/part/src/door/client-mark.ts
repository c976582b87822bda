import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header in which the dashboard tells the API who asked it, and under which name. */
export const CLIENT_MARK_HEADER = 'x-hostmesh-client';

/** Who asked the dashboard. */
export interface MarkedClient {
  readonly address: string;
  /** The `Host` that it was asked by. */
  readonly host: string;
}

/** What the header says: the client, and a proof by the key that the dashboard and the API share. The key itself never travels. */
export function markClient(key: string, { address, host }: MarkedClient): string {
  const said = Buffer.from(JSON.stringify([address, host])).toString('base64url');
  return `${said}.${proofOf(key, said).toString('base64url')}`;
}

/** The client that the header tells of; undefined when it was not written with this key. */
export function readClientMark(key: string, header: string): MarkedClient | undefined {
  const [said = '', proof = ''] = header.split('.');
  const given = Buffer.from(proof, 'base64url');
  const right = proofOf(key, said);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const parsed: unknown = JSON.parse(Buffer.from(said, 'base64url').toString());
  if (!Array.isArray(parsed)) return undefined;
  return { address: String(parsed[0]), host: String(parsed[1]) };
}

const proofOf = (key: string, said: string): Buffer =>
  createHmac('sha256', key).update(`hostmesh client\n${said}`).digest();
