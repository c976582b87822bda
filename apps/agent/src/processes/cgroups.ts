import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import { claimCgroups, dirsIn, removeBelow, unclaimCgroups } from './cgroup-mark.ts';
import { sendSignal } from './processes.ts';

/** What a cgroup says of what its processes have used. */
export interface CgroupUsage {
  /** Of processes that have ended, too. */
  readonly cpuMs: number;
  /** Null where memory is not counted by cgroup. */
  readonly memoryBytes: number | null;
}

/** Where the agent itself is, in the tree of version 2; null where there is none to be seen. */
export function ownCgroup(): string | null {
  try {
    const [, path] = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const [mount] = mounts.filter((line) => / - cgroup2 /.test(line)).map((line) => line.split(' '));
    const [root = '', dir] = mount?.slice(3, 5) ?? [];
    if (path === undefined || dir === undefined || path.startsWith('/..')) return null;
    const isBelow = root === '/' || path === root || path.startsWith(`${root}/`);
    return isBelow ? join(dir, root === '/' ? path : path.slice(root.length)) : null;
  } catch {
    return null;
  }
}

/**
 * A cgroup (version 2) for each proc of a host, below one that carries the host's id: nobody else's is ever touched. What
 * a process starts is born in its cgroup and cannot leave it, however it forks; and it is counted and ended there.
 */
export class ProcCgroups {
  readonly root: string;
  readonly #home: string;
  /** Those of agents before that were started somewhere else in the tree. */
  readonly #former: readonly string[];

  private constructor(root: string, home: string, former: readonly string[]) {
    this.root = root;
    this.#home = home;
    this.#former = former;
  }

  /**
   * Those below `parent`, if the agent, which is in `home`, may write there: it goes there and back once. `notes` is the file
   * in which it says to the next agent where they are. What agents that were killed have left beside them goes.
   */
  static open(
    hostId: string,
    parent: string,
    home: string,
    notes: string,
  ): Result<ProcCgroups, Fault<'no_cgroup'>> {
    const name = `hostmesh-${hostId}`;
    const root = join(parent, name);
    const former = linesOf(notes).filter((dir) => dir !== root && basename(dir) === name && isThere(dir));
    const cgroups = new ProcCgroups(root, home, former);
    const probe = `probe-${process.pid}`;
    try {
      claimCgroups(root);
      cgroups.startIn(probe, () => {});
      writeFileSync(notes, [root, ...former].join('\n'), { mode: 0o600 });
      return ok(cgroups);
    } catch (error) {
      unclaimCgroups(root);
      const why = error instanceof Error ? error.message : String(error);
      return fail({ code: 'no_cgroup', message: why, cause: error });
    } finally {
      cgroups.remove(probe);
      cgroups.#enable();
    }
  }

  /**
   * Starts something with the agent itself in the cgroup of a proc, so that what is started is in there from its first
   * instruction on. Nothing else of the agent may run meanwhile: `start` is synchronous.
   */
  startIn<T>(name: string, start: () => T): T {
    const dir = join(this.root, name);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'cgroup.procs'), '0');
    try {
      return start();
    } finally {
      writeFileSync(join(this.#home, 'cgroup.procs'), '0');
    }
  }

  /** Whether a proc has a cgroup here. */
  has(name: string): boolean {
    return this.#dirOf(name) !== null;
  }

  /** All processes of a proc that have not ended. */
  pids(name: string): number[] {
    const dir = this.#dirOf(name);
    return dir === null ? [] : pidsBelow(dir).filter((pid) => pid !== process.pid);
  }

  /** Kills all of them at once, in whatever group, session or cgroup below they are. */
  kill(name: string): void {
    const dir = this.#dirOf(name);
    if (dir === null || pidsBelow(dir).includes(process.pid)) return;
    try {
      writeFileSync(join(dir, 'cgroup.kill'), '1');
    } catch {
      // Linux before 5.14 cannot.
      for (const pid of pidsBelow(dir)) sendSignal(pid, 'SIGKILL');
    }
  }

  usage(name: string): CgroupUsage | null {
    const dir = this.#dirOf(name);
    const [, micros] = /^usage_usec (\d+)$/m.exec((dir && contentOf(join(dir, 'cpu.stat'))) ?? '') ?? [];
    if (dir === null || micros === undefined) return null;
    const memory = contentOf(join(dir, 'memory.current'));
    return { cpuMs: Number(micros) / 1000, memoryBytes: memory === null ? null : Number(memory) };
  }

  /** Takes the cgroup of a proc away, if nothing is left in it. */
  remove(name: string): void {
    const dir = this.#dirOf(name);
    if (dir !== null) removeBelow(dir);
  }

  /** Procs that have one, those of agents before included. */
  names(): string[] {
    return [this.root, ...this.#former].flatMap((root) => dirsIn(root).map((dir) => basename(dir)));
  }

  /** Takes away what is empty. */
  close(): void {
    for (const root of [this.root, ...this.#former]) removeBelow(root);
    unclaimCgroups(this.root);
  }

  #dirOf(name: string): string | null {
    return [this.root, ...this.#former].map((root) => join(root, name)).find(isThere) ?? null;
  }

  /** Has memory and processes counted, where whoever manages the tree lets us. */
  #enable(): void {
    for (const controller of ['memory', 'pids']) {
      try {
        writeFileSync(join(this.root, 'cgroup.subtree_control'), `+${controller}`);
      } catch {
        // Then they are counted from the process table.
      }
    }
  }
}

const isThere = (dir: string): boolean => contentOf(join(dir, 'cgroup.procs')) !== null;

/** Processes may make cgroups of their own below their proc's. */
const pidsBelow = (dir: string): number[] => [
  ...linesOf(join(dir, 'cgroup.procs')).map(Number),
  ...dirsIn(dir).flatMap(pidsBelow),
];

const linesOf = (file: string): string[] => (contentOf(file) ?? '').split('\n').filter((line) => line !== '');

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
