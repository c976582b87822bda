import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Whose a port of the loopback is, as far as a proc is concerned. */
export type PortOwner =
  | { readonly kind: 'proc' }
  | { readonly kind: 'nobody' }
  /** `pid` is null where nobody's descriptors that we may see hold it. */
  | { readonly kind: 'other'; readonly pid: number | null; readonly command: string | null }
  /** Descriptors of the proc's processes may not be looked at. */
  | { readonly kind: 'unseen' };

/** Addresses of the loopback by how the kernel prefers them for a connection to 127.0.0.1, as `/proc/net/tcp` has them. */
const preferences: readonly RegExp[] = [
  /^(0000000000000000FFFF0000|00000000000000000000FFFF)?(0100007F|7F000001)$/,
  /^00000000$/,
  /^0{32}$/,
];

const LISTENING = '0A';

/** Inodes of the sockets that get a connection to a port of 127.0.0.1, from the lines of `/proc/net/tcp` and `tcp6`. */
export function listenersOf(port: number, lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', hex = ''] = local.split(':');
    const preference = preferences.findIndex((pattern) => pattern.test(address));
    const isIt = state === LISTENING && Number.parseInt(hex, 16) === port && preference >= 0;
    return isIt ? [{ inode, preference }] : [];
  });
  const best = Math.min(...found.map(({ preference }) => preference));
  return found.filter(({ preference }) => preference === best).map(({ inode }) => inode);
}

/** Looks who listens on a port of the agent's loopback. `members`: the processes of the proc; null: not to be told now. */
export function ownerOfPort(port: number, members: readonly number[] | null): PortOwner {
  const lines = ['tcp', 'tcp6'].flatMap((name) => linesOf(`/proc/self/net/${name}`));
  const sockets = new Set(listenersOf(port, lines).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return { kind: 'nobody' };
  const looks = (members ?? []).map((pid) => holds(pid, sockets));
  if (looks.includes(true)) return { kind: 'proc' };
  if (members === null || looks.includes(null)) return { kind: 'unseen' };
  const pid = processIds().find((each) => holds(each, sockets) === true) ?? null;
  return { kind: 'other', pid, command: pid === null ? null : (linesOf(`/proc/${pid}/comm`)[0] ?? null) };
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
