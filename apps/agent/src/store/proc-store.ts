import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fault } from '@hostmesh/core';
import { isDiskFull, printBytes, Trouble, type TroubleListener } from '@hostmesh/part';
import { ProcReport, ProcSpec, SpawnProcs } from '@hostmesh/protocol';
import { runOf, staysEnded, stopOf, type AgentProc, type ProcFacts } from '../proc/agent-proc.ts';
import { reportOf } from '../proc/proc-report.ts';

/** Two directories and two small files, in blocks of the usual size. */
const BYTES_PER_PROC = 16 * 1024;

const Facts = SpawnProcs.pick({
  procMeshId: true,
  hostMeshId: true,
  owner: true,
  keep: true,
  ttlMs: true,
}).extend({ spec: ProcSpec, configDigest: SpawnProcs.shape.configDigest.optional() });

/** What agents of before did not say. */
const EarlierReport = ProcReport.extend({
  startFault: ProcReport.shape.startFault.default(null),
  leftover: ProcReport.shape.leftover.default(0),
  configDigest: ProcReport.shape.configDigest.default(null),
  waitsFor: ProcReport.shape.waitsFor.default(null),
  formerEnd: ProcReport.shape.formerEnd.default(null),
});

/** A report, and what else an agent needs to know its process again. */
const SavedReport = EarlierReport.extend({
  startTicks: ProcReport.shape.pid,
  readyAtMs: ProcReport.shape.startedAt,
  stepMs: ProcReport.shape.pid,
  forGood: ProcReport.shape.keep.default(false),
  past: EarlierReport.array().default([]),
});
type SavedReport = ReturnType<typeof SavedReport.parse>;

/** A proc of an earlier agent. */
export interface SavedProc {
  readonly facts: ProcFacts;
  readonly report: SavedReport;
}

/**
 * The procs of a host in its data directory: `procs/<id>/` with what it is, how it stands, and its output, readable by the
 * agent's user alone. A report is written before anybody hears of it, so that no generation is given out twice, and
 * aside, so that nobody reads half of one; a write does not wait for the disk, since procs do not survive its power.
 * What is forgotten moves to `trash/` at once, so that its id is free, and is removed from there in the background.
 */
export class ProcStore {
  readonly #root: string;
  readonly #trash: string;
  readonly #writing: Trouble;
  readonly #onFault: (error: unknown) => void;

  /** `listener` hears what could not be written or read; the agent goes on with what it has in memory. */
  constructor(dataDir: string, listener: TroubleListener) {
    this.#root = join(dataDir, 'procs');
    this.#trash = join(dataDir, 'trash');
    this.#writing = new Trouble(listener);
    this.#onFault = (error) => listener.began(error);
  }

  dirOf(procId: string): string {
    return join(this.#root, procId);
  }

  /** Why so many new procs could not be recorded; null when they can. */
  whyNoRoom(procs: number): Fault<'disk_full' | 'disk_failed'> | null {
    const file = join(this.#root, '.room');
    try {
      mkdirSync(this.#root, { recursive: true, mode: 0o700 });
      writeFileSync(file, Buffer.alloc(procs * BYTES_PER_PROC), { mode: 0o600 });
      return null;
    } catch (error) {
      if (!isDiskFull(error)) {
        const why = error instanceof Error ? error.message : String(error);
        return {
          code: 'disk_failed',
          message: `no proc can be recorded in ${this.#root}: ${why}`.slice(0, 2000),
        };
      }
      const { bavail, bsize } = statfsSync(this.#root);
      const message = `the disk of ${this.#root} is full (${printBytes(bavail * bsize)} free): no proc can be recorded there`;
      return { code: 'disk_full', message };
    } finally {
      rmSync(file, { force: true });
    }
  }

  /** Makes the proc's directory and writes what it is. Returns whether that worked. */
  create(facts: ProcFacts): boolean {
    return this.#attempt(() => {
      const dir = this.dirOf(facts.spec.procId);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      writeAside(join(dir, 'spec.json'), facts);
    });
  }

  /** How the proc stands, and its reports before that. Returns whether that could be written. */
  save(proc: AgentProc, past: readonly ProcReport[]): boolean {
    const run = runOf(proc);
    const saved: SavedReport = {
      ...reportOf(proc),
      startTicks: run?.startTicks ?? null,
      readyAtMs: run?.readyAtMs ?? null,
      stepMs: stopOf(proc)?.stepMs ?? null,
      forGood: staysEnded(proc),
      past: [...past],
    };
    return this.#attempt(() => writeAside(join(this.dirOf(proc.facts.spec.procId), 'report.json'), saved));
  }

  /** Everything that earlier agents have left, oldest report first. What cannot be read is left where it is. */
  load(): SavedProc[] {
    for (const name of namesIn(this.#trash)) this.#empty(join(this.#trash, name));
    return namesIn(this.#root)
      .filter((name) => name !== '.room')
      .flatMap((id) => this.#read(id) ?? [])
      .sort((a, b) => a.report.at - b.report.at);
  }

  /** Its id may be that of a new proc at once. */
  remove(procId: string): void {
    const trash = join(this.#trash, randomUUID());
    try {
      mkdirSync(this.#trash, { recursive: true, mode: 0o700 });
      renameSync(this.dirOf(procId), trash);
      this.#empty(trash);
    } catch {
      // It was never written, or the disk is too full for another name.
      this.#attempt(() => rmSync(this.dirOf(procId), { recursive: true, force: true }));
    }
  }

  #empty(trash: string): void {
    const removed = isOwn(join(trash, 'work'))
      ? rm(trash, { recursive: true, force: true })
      : promisify(execFile)('rm', ['-rf', '--', trash]);
    removed.catch(this.#onFault);
  }

  #read(id: string): SavedProc | null {
    try {
      const read = (name: string): unknown => JSON.parse(readFileSync(join(this.dirOf(id), name), 'utf8'));
      return { facts: Facts.parse(read('spec.json')), report: SavedReport.parse(read('report.json')) };
    } catch (error) {
      this.#onFault(error);
      return null;
    }
  }

  #attempt(write: () => void): boolean {
    try {
      write();
      this.#writing.worked();
      return true;
    } catch (error) {
      this.#writing.failed(error);
      return false;
    }
  }
}

/** In a directory of another user things may be moved while it is removed: `rm` follows no link that is put in its way. */
function isOwn(dir: string): boolean {
  try {
    return lstatSync(dir).uid === process.geteuid?.();
  } catch {
    return true;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // The first start, or the first one is still to come.
    return [];
  }
}

function writeAside(file: string, value: unknown): void {
  const aside = `${file}.new`;
  writeFileSync(aside, JSON.stringify(value), { mode: 0o600 });
  renameSync(aside, file);
}
