import { mkdirSync, readdirSync, readlinkSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive, readProcess } from './processes.ts';

/**
 * Which agent has the cgroups of a host, as an empty cgroup beside theirs, since there are no files: its process, when that
 * started, the namespace in which it has that number, and the name of theirs.
 */
const MARK = /^hostmesh-agent=(\d+)=(\d+)=(\d+)=(.+)$/;

interface Mark {
  readonly dir: string;
  /** The cgroups that it tells of. */
  readonly root: string;
  /** Whether its agent is known to be gone. */
  readonly isOfDead: boolean;
}

const namespaceOf = (): string => {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
};

const ownMark = (root: string): string => {
  const startTicks = readProcess(process.pid)?.startTicks ?? 0;
  return join(
    dirname(root),
    `hostmesh-agent=${process.pid}=${startTicks}=${namespaceOf()}=${basename(root)}`,
  );
};

const marksIn = (parent: string): Mark[] =>
  dirsIn(parent).flatMap((dir) => {
    const [, pid = '', startTicks = '', namespace = '', name] = MARK.exec(basename(dir)) ?? [];
    if (name === undefined) return [];
    const isOfDead = namespace === namespaceOf() && !isAlive(Number(pid), Number(startTicks));
    return [{ dir, root: join(parent, name), isOfDead }];
  });

/**
 * Says that this process has the cgroups below `root`, and takes away the empty ones that agents which were killed have left
 * beside it. Where nobody says whose they are, or somebody who may live, they are left alone.
 */
export function claimCgroups(root: string): void {
  const own = ownMark(root);
  mkdirSync(own, { recursive: true });
  const marks = marksIn(dirname(root));
  const living = new Set(marks.filter(({ isOfDead }) => !isOfDead).map((mark) => mark.root));
  for (const mark of marks.filter(({ isOfDead }) => isOfDead)) {
    if (!living.has(mark.root)) removeBelow(mark.root);
    if (living.has(mark.root) || !dirsIn(dirname(root)).includes(mark.root)) removeEmpty(mark.dir);
  }
}

/** Takes the mark of this process away. */
export const unclaimCgroups = (root: string): void => removeEmpty(ownMark(root));

/** Takes a cgroup away, and those below it, as far as nothing is left in them. */
export function removeBelow(dir: string): void {
  for (const below of dirsIn(dir)) removeBelow(below);
  removeEmpty(dir);
}

function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // Something is left in it, or it has gone.
  }
}

/** The cgroups right below one. */
export function dirsIn(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(dir, name));
  } catch {
    return [];
  }
}
