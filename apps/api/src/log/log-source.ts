import { randomUUID } from 'node:crypto';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { Meshes, ProcRecord, Procs } from '@hostmesh/db';
import type { LogsAnswer, ProcMesh, ReadLogsOptions } from '@hostmesh/host-mesh';
import type { Transport } from '@hostmesh/protocol';
import { askHost } from '../agents/ask-host.ts';

/** Why a host gave no output: `gone` for good, `unreachable` now. `message` is a clause for people. */
export type LogFault = Fault<'gone' | 'unreachable'>;

export interface LogSourceDeps {
  readonly procs: Pick<Procs, 'appendLogs' | 'markLogEnded'>;
  readonly meshes: Pick<Meshes, 'get'>;
  /** The live proc meshes that are looked after here. */
  readonly live: { get(id: string): { readonly engine: Pick<ProcMesh, 'readLogs'> | null } | undefined };
  readonly transport: Transport;
}

const TIMEOUT_MS = 5000;

/** Reads output at the host that has it, and stores all that it reads: output outlives its host. */
export class LogSource {
  readonly #deps: LogSourceDeps;

  constructor(deps: LogSourceDeps) {
    this.#deps = deps;
  }

  async fetch(proc: ProcRecord, options: ReadLogsOptions): Promise<Result<LogsAnswer, LogFault>> {
    const read = await this.#read(proc, options);
    if (!read.ok) return read;
    const { entries, ended, lastSeq, open, openVersion } = read.value;
    const { procs } = this.#deps;
    const isUpToNow = (entries.at(-1)?.seq ?? options.after ?? lastSeq) >= lastSeq;
    if (entries.length > 0 || openVersion !== options.openVersion)
      await procs.appendLogs(proc.id, entries.map(withDate), isUpToNow ? open.map(withDate) : null);
    if (ended && (entries.at(-1)?.seq ?? options.after ?? 0) >= lastSeq) await procs.markLogEnded(proc.id);
    return read;
  }

  async #read(proc: ProcRecord, options: ReadLogsOptions): Promise<Result<LogsAnswer, LogFault>> {
    const engine = this.#deps.live.get(proc.procMeshId)?.engine ?? null;
    if (engine === null) return this.#readAlone(proc, options);
    const read = await engine.readLogs(proc.rank, options);
    if (read.ok) return read;
    const { fault } = read;
    // A mesh that is being ended has let go of its connections; until it has ended its hosts may be asked.
    if (fault.kind === 'closed') return this.#readAlone(proc, options);
    return fail({
      code: fault.code === 'unknown_proc' ? 'gone' : 'unreachable',
      message: fault.message,
    });
  }

  /** Asks over a connection of its own: for a proc mesh that has ended none is kept. */
  async #readAlone(proc: ProcRecord, options: ReadLogsOptions): Promise<Result<LogsAnswer, LogFault>> {
    const mesh = await this.#deps.meshes.get(proc.meshId);
    if (mesh === undefined || mesh.endedAt !== null) {
      return fail({ code: 'gone', message: 'its mesh has ended, and with it the connection to its host' });
    }
    const { after, tail = null, maxBytes = 256_000, waitMs = 0, timeoutMs = TIMEOUT_MS, signal } = options;
    const { openVersion = null } = options;
    const request = {
      type: 'read_logs',
      id: randomUUID(),
      procId: proc.id,
      after,
      tail,
      maxBytes,
      waitMs,
      openVersion,
    } as const;
    const asked = await askHost(this.#deps.transport, proc.hostAddress, request, {
      timeoutMs: timeoutMs + waitMs,
      hostId: proc.hostId,
      ...(signal && { signal }),
    });
    if (asked.ok) return ok(asked.value);
    const { message, refusal } = asked.fault;
    return fail({ code: refusal === 'unknown_proc' ? 'gone' : 'unreachable', message });
  }
}

/** As it is stored. */
const withDate = <T extends { readonly at: number }>({ at, ...line }: T) => ({ ...line, at: new Date(at) });
