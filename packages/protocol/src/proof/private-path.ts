import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** Links on a way, at most: as many as Linux follows. */
const MAX_LINKS = 40;

/**
 * Why others than root and this process's own user could come to what is at a path, or put something else there; null when
 * nobody can. Its directory must be open to us alone, none on the way to it may be changed by others (but a sticky one such as
 * `/tmp`), and a socket there must be ours. Throws what the system says of a path that is not there.
 */
export function whyNotPrivate(path: string, what: 'directory' | 'socket'): string | null {
  const dir = dirname(path);
  const changeable = whyOthersCanChange(dir);
  if (changeable !== null) return changeable;
  const found = lstatSync(dir);
  if (found.isSymbolicLink()) return `${dir} is a link`;
  if (!found.isDirectory()) return `${dir} is no directory`;
  if ((found.mode & 0o077) !== 0) return `${dir} is open to other users (mode ${printMode(found)}, not 0700)`;
  if (what === 'directory') return null;
  const socket = lstatSync(path);
  if (!socket.isSocket()) return `${path} is no socket`;
  if ((socket.mode & 0o077) !== 0)
    return `${path} is open to other users (mode ${printMode(socket)}, not 0600)`;
  return whyChangeable(path, socket);
}

/**
 * Why others than root and this process's own user could change what a path leads to, or lead it elsewhere; null when nobody
 * can. Throws what the system says of a path that is not there.
 */
export function whyOthersCanChange(path: string): string | null {
  const whole = isAbsolute(path) ? path : `${process.cwd()}/${path}`;
  return whyChangeable('/', lstatSync('/')) ?? whyWayChangeable('/', whole.split('/'), MAX_LINKS);
}

/** Looks at every directory and link on a way, as the kernel goes it. */
function whyWayChangeable(from: string, parts: readonly string[], linksLeft: number): string | null {
  let at = from;
  for (const [index, part] of parts.entries()) {
    if (part === '..') at = dirname(at);
    if (part === '' || part === '.' || part === '..') continue;
    const next = join(at, part);
    const found = lstatSync(next);
    const changeable = whyChangeable(next, found);
    if (changeable !== null) return changeable;
    if (found.isSymbolicLink()) {
      if (linksLeft === 0) return `${next} is one link too many`;
      const target = readlinkSync(next);
      const rest = [...target.split('/'), ...parts.slice(index + 1)];
      return whyWayChangeable(isAbsolute(target) ? '/' : at, rest, linksLeft - 1);
    }
    at = next;
  }
  return null;
}

function whyChangeable(path: string, found: Stats): string | null {
  if (found.uid !== 0 && found.uid !== process.geteuid?.())
    return `${path} belongs to another user (${found.uid})`;
  const isSticky = found.isDirectory() && (found.mode & 0o1000) !== 0;
  const isOpen = !found.isSymbolicLink() && (found.mode & 0o022) !== 0 && !isSticky;
  return isOpen ? `other users can change ${path} (mode ${printMode(found)})` : null;
}

const printMode = ({ mode }: Stats): string => (mode & 0o7777).toString(8).padStart(4, '0');

/** What to do about a path that is not private. */
export const howToBePrivate =
  'without an agent key a socket has to be in a directory of mode 0700 that is your own: ' +
  'make one with `install -d -m 0700`, or give both sides a key';
