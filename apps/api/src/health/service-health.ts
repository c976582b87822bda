import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PartHealth } from '@hostmesh/contract';
import { pauseFor } from '@hostmesh/core';
import { isDatabaseFull, isSchemaBehind, type Database, type EngineChange } from '@hostmesh/db';
import { printDiskSpace, readDiskSpace, tryDisk, type DiskFault, type DiskSpace } from '@hostmesh/part';
import { repeat, type Repeating } from '../async/repeat.ts';
import type { RouteFault } from '../problem/route-fault.ts';
import { schemaBehind } from '../problem/thrown-fault.ts';

/** Pause between two looks. */
const LOOK_EVERY_MS = 2000;
/** With less room than this the database soon takes nothing more. */
const FULL_BELOW_BYTES = 16 * 1024 * 1024;
/** Longer stops of our own make everything look late: what is late then is no sign of others. */
const STALL_MS = 1000;
const NS_PER_MS = 1e6;
/** So many changes wait for a database that does not answer; the oldest go first. */
const MAX_WAITING = 1000;

export interface HealthDeps {
  readonly db: Pick<Database, 'beat'> & {
    readonly changes: Pick<Database['changes'], 'noteEngine' | 'noteStart'>;
  };
  /** Names our row. */
  readonly owner: string;
  /** Null: the disk is not ours to look after. */
  readonly dataDir: string | null;
  readonly lookEveryMs?: number;
  readonly readSpace?: (path: string) => Promise<DiskSpace>;
  readonly tryWrite?: (dir: string) => Promise<DiskFault | null>;
}

/** What a look at one part has found. */
type Finding = Pick<PartHealth, 'part' | 'ok' | 'detail'>;

/** Looks again and again whether the parts that we need are well, by using them, and knows since when they are not. */
export class ServiceHealth {
  readonly #deps: HealthDeps;
  readonly #parts = new Map<PartHealth['part'], PartHealth>();
  readonly #stalls = monitorEventLoopDelay();
  #looking: Repeating | null = null;
  /** Why the disk takes nothing more, or soon will not; null when it does. */
  #fault: DiskFault | null = null;
  /** Whether the database takes nothing because it lacks migrations. */
  #isSchemaBehind = false;
  /** When we began, until that is noted. */
  #begun: Date | null = null;
  /** What parts have become, until that is noted. */
  #changes: EngineChange[] = [];

  constructor(deps: HealthDeps) {
    this.#deps = deps;
  }

  /** Looks once, then every two seconds. */
  async start(): Promise<void> {
    this.#begun = new Date();
    this.#stalls.enable();
    await this.look();
    const { lookEveryMs = LOOK_EVERY_MS } = this.#deps;
    // A look throws nothing.
    this.#looking = repeat(
      lookEveryMs,
      () => this.look(),
      () => undefined,
    );
  }

  async stop(): Promise<void> {
    this.#stalls.disable();
    await this.#looking?.stop();
    this.#changes.push({ part: 'api', to: 'stopped', why: 'it was told to stop', at: new Date() });
    // A database that hangs holds nobody up: the next start then tells since when we were away.
    const over = new AbortController();
    const { lookEveryMs = LOOK_EVERY_MS } = this.#deps;
    await Promise.race([this.#noteChanges(), pauseFor(lookEveryMs, over.signal)]);
    over.abort();
  }

  /** Empty before the first look. */
  get parts(): readonly PartHealth[] {
    return [...this.#parts.values()];
  }

  /** Whether the disk has no room, of whatever kind. */
  get isDiskFull(): boolean {
    return this.#fault?.isFull === true;
  }

  /** What keeps every request from being served, to be explained when it is told; null when nothing does. */
  refusal(): RouteFault | null {
    const database = this.#parts.get('database');
    if (database === undefined || database.ok) return null;
    if (this.#isSchemaBehind) return schemaBehind();
    return { code: 'database_unavailable', message: 'The database does not answer.' };
  }

  /** Adds to a fault what is known besides: the disk that is full, and since when the database does not answer. */
  explain(fault: RouteFault): RouteFault {
    // It has been told with all its parts.
    if (fault.parts !== undefined) return fault;
    const isOfDatabase = fault.code === 'database_unavailable' || fault.code === 'disk_full';
    if (isOfDatabase && this.#fault !== null) {
      const message = `Nothing can be recorded: ${this.#fault.message}. What was recorded is kept.`;
      return { ...fault, code: this.#fault.isFull ? 'disk_full' : fault.code, message };
    }
    if (fault.code === 'busy') return { headers: { 'retry-after': '1' }, ...fault };
    const database = this.#parts.get('database');
    if (fault.code !== 'database_unavailable' || database === undefined || database.ok) return fault;
    return { ...fault, message: `${fault.message} That is so since ${database.since}: ${database.detail}.` };
  }

  /** Looks at every part now. Never rejects. */
  async look(): Promise<void> {
    const [database, disk] = await Promise.all([this.#lookAtDatabase(), this.#lookAtDisk()]);
    const stalledMs = Math.round(this.#stalls.max / NS_PER_MS);
    this.#stalls.reset();
    const isStalled = stalledMs > STALL_MS;
    const detail = isStalled ? `it stood still for ${stalledMs} ms` : 'it keeps up';
    this.#note({ part: 'process', ok: !isStalled, detail });
    this.#note(disk);
    // Our own standing still is no sign of the database.
    if (database.ok || !isStalled) this.#note(database);
    if (database.ok) await this.#noteChanges();
  }

  async #lookAtDatabase(): Promise<Finding> {
    try {
      await this.#noteStart();
      await this.#deps.db.beat(this.#deps.owner);
      this.#isSchemaBehind = false;
      return { part: 'database', ok: true, detail: 'it takes what is written' };
    } catch (error) {
      const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      this.#isSchemaBehind = isSchemaBehind(error);
      const detail = isDatabaseFull(error)
        ? 'its disk is full'
        : this.#isSchemaBehind
          ? 'it lacks migrations'
          : `it took no write (${why})`;
      return { part: 'database', ok: false, detail };
    }
  }

  async #lookAtDisk(): Promise<Finding> {
    const { dataDir, readSpace = readDiskSpace, tryWrite = tryDisk } = this.#deps;
    if (dataDir === null) return { part: 'disk', ok: true, detail: 'not looked at' };
    try {
      const space = await readSpace(dataDir);
      const told = printDiskSpace(space);
      this.#fault =
        space.freeBytes < FULL_BELOW_BYTES
          ? { isFull: true, message: `the disk is full: ${told}; make room there` }
          : await tryWrite(dataDir);
      return { part: 'disk', ok: this.#fault === null, detail: this.#fault?.message ?? told };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#fault = { isFull: false, message: `${dataDir} cannot be looked at: ${why}` };
      return { part: 'disk', ok: false, detail: this.#fault.message };
    }
  }

  /** Before the first sign of life, which the last one of a former life would be lost to. */
  async #noteStart(): Promise<void> {
    if (this.#begun === null) return;
    await this.#deps.db.changes.noteStart(this.#deps.owner, this.#begun);
    this.#begun = null;
  }

  /** What cannot be noted now is noted when the database takes it, with the times at which it was. */
  async #noteChanges(): Promise<void> {
    const changes = this.#changes;
    this.#changes = [];
    await this.#deps.db.changes.noteEngine(this.#deps.owner, changes).catch(() => {
      this.#changes = [...changes, ...this.#changes];
    });
  }

  #note(found: Finding): void {
    const before = this.#parts.get(found.part);
    const since = before?.ok === found.ok ? before.since : new Date().toISOString();
    this.#parts.set(found.part, { ...found, since });
    if (before?.ok === found.ok) return;
    const { part, ok, detail } = found;
    const change = { part, to: ok ? 'well' : 'failing', why: ok ? null : detail, at: new Date(since) };
    this.#changes = [...this.#changes.slice(1 - MAX_WAITING), change];
  }
}
