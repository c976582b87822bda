import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { endianness } from 'node:os';

/** Whose a port of the loopback is, as far as a proc is concerned. */
export type PortOwner =
  | { readonly kind: 'proc' }
  | { readonly kind: 'nobody' }
  /** `pid` is null where nobody's descriptors that we may see hold it. */
  | { readonly kind: 'other'; readonly pid: number | null; readonly command: string | null }
  /** Descriptors of the proc's processes may not be looked at. */
  | { readonly kind: 'unseen' };

/** What `localhost` is, in the order in which a port is looked for there. */
export const loopbacks = ['127.0.0.1', '::1'] as const;
export type Loopback = (typeof loopbacks)[number];

/** Whoever listens on one of these gets a connection to the loopback, the first of them before the others. */
const listenedOn: Readonly<Record<Loopback, readonly string[]>> = {
  '127.0.0.1': ['127.0.0.1', '::ffff:7f00:1', '0.0.0.0', '::ffff:0:0', '::'],
  '::1': ['::1', '::'],
};

const LISTENING = '0A';

/** A socket that waits for connections. */
interface Listener {
  readonly address: string;
  readonly inode: string;
}

/** Who listens on a port, whatever its address, from the lines of `/proc/net/tcp` and `tcp6`. */
export function listenersOn(port: number, lines: readonly string[]): Listener[] {
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', hex = ''] = local.split(':');
    const isIt = state === LISTENING && Number.parseInt(hex, 16) === port;
    return isIt ? [{ address: addressOf(address), inode }] : [];
  });
}

/** Those of them that get a connection to an address of the loopback. */
export function listenersAt(loopback: Loopback, listeners: readonly Listener[]): Listener[] {
  const best = listenedOn[loopback].find((address) => listeners.some((each) => each.address === address));
  return listeners.filter(({ address }) => address === best);
}

/** As people write it: `/proc/net` has words of four bytes, each as the machine has it. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const ofWord = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return endianness() === 'LE' ? ofWord.toReversed() : ofWord;
  });
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const readListeners = (port: number): Listener[] =>
  listenersOn(
    port,
    ['tcp', 'tcp6'].flatMap((name) => linesOf(`/proc/self/net/${name}`)),
  );

const socketsOf = (listeners: readonly Listener[]): Set<string> =>
  new Set(listeners.map(({ inode }) => `socket:[${inode}]`));

/** Looks who gets a connection to a port of the loopback. `members`: the processes of the proc; null: not to be told now. */
export function ownerOfPort(loopback: Loopback, port: number, members: readonly number[] | null): PortOwner {
  const sockets = socketsOf(listenersAt(loopback, readListeners(port)));
  if (sockets.size === 0) return { kind: 'nobody' };
  const looks = (members ?? []).map((pid) => holds(pid, sockets));
  if (looks.includes(true)) return { kind: 'proc' };
  if (members === null || looks.includes(null)) return { kind: 'unseen' };
  const pid = processIds().find((each) => holds(each, sockets) === true) ?? null;
  return { kind: 'other', pid, command: pid === null ? null : (linesOf(`/proc/${pid}/comm`)[0] ?? null) };
}

/** Why nobody serves a port at the loopback, for people: as far as that can be seen. */
export function whyNotServed(port: number, members: readonly number[] | null): string {
  const own = readListeners(port).filter((each) =>
    (members ?? []).some((pid) => holds(pid, socketsOf([each])) === true),
  );
  if (own.length === 0) return `nothing accepts connections on port ${port}`;
  const where = own.map(({ address }) => address).join(' and ');
  return `it listens on port ${port} of ${where} alone, not on localhost (${loopbacks.join(' or ')}), where readiness is looked for`;
}

/** Whether one of the descriptors of a process is one of these; null when we may not look. */
function holds(pid: number, sockets: ReadonlySet<string>): boolean | null {
  const dir = `/proc/${pid}/fd`;
  try {
    return readdirSync(dir).some((fd) => sockets.has(targetOf(`${dir}/${fd}`)));
  } catch (error) {
    // What has ended holds nothing.
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? null : false;
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

const processIds = (): number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** Why a port does not make its proc ready, for people; null when there is nothing to say. */
export function whyNotOwn(port: number, owner: PortOwner): string | null {
  switch (owner.kind) {
    case 'other': {
      const who =
        owner.pid === null ? 'that cannot be told' : `(${owner.pid}, ${owner.command ?? 'unknown'})`;
      return `port ${port} is served by another process ${who}`;
    }
    case 'unseen':
      return `port ${port} is served, and this agent may not see by whom: it may not look at the proc's descriptors`;
    case 'proc':
    case 'nobody':
      return null;
  }
}
