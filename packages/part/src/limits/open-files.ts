import { readFileSync } from 'node:fs';

/** How many descriptors this process may have open. */
export interface OpenFileLimit {
  readonly soft: number;
  /** Up to here it can be raised without the system's operator. */
  readonly hard: number;
}

/** Kept for what is no connection to a host: HTTP, the database, files, and what Node itself has open. */
const RESERVED = 128;
/** With a small limit at least so large a share is kept. */
const RESERVED_SHARE = 0.25;

/** Reads the limit of this process (`RLIMIT_NOFILE`); null where the system does not tell. */
export function readOpenFileLimit(read: () => string = readLimits): OpenFileLimit | null {
  let text: string;
  try {
    text = read();
  } catch {
    return null;
  }
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  if (soft === undefined || hard === undefined) return null;
  const numberOf = (word: string): number => (word === 'unlimited' ? Infinity : Number(word));
  return { soft: numberOf(soft), hard: numberOf(hard) };
}

const readLimits = (): string => readFileSync('/proc/self/limits', 'utf8');

/** How many connections to hosts a limit allows; the rest is kept back. */
export const hostConnectionsWithin = ({ soft }: OpenFileLimit): number =>
  soft === Infinity ? Infinity : Math.max(8, Math.floor(soft - Math.max(RESERVED, soft * RESERVED_SHARE)));

/** How to have `wanted` descriptors, in words. */
export const howToRaise = ({ hard }: OpenFileLimit, wanted: number): string =>
  wanted <= hard
    ? `start it after \`ulimit -n ${wanted}\``
    : `raise the hard limit of ${hard}: LimitNOFILE=${wanted} in a systemd unit, or \`nofile ${wanted}\` in /etc/security/limits.conf, then \`ulimit -n ${wanted}\``;
