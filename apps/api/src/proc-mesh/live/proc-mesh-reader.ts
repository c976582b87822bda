import type { ProcMeshView } from '@hostmesh/contract';
import type { ProcMeshes, ProcMeshRecord, Procs } from '@hostmesh/db';
import { procMeshView } from '../../proc/proc-mesh-view.ts';
import type { LiveProcMeshes } from './live-proc-meshes.ts';

export interface ProcMeshReaderDeps {
  readonly procMeshes: ProcMeshes;
  readonly procs: Procs;
  readonly live: LiveProcMeshes;
}

/** Reads proc meshes as callers are shown them: what lives here is ahead of what is stored. */
export class ProcMeshReader {
  readonly #deps: ProcMeshReaderDeps;

  constructor(deps: ProcMeshReaderDeps) {
    this.#deps = deps;
  }

  /** As recorded, or as of now while it lives here. */
  async view(id: string): Promise<ProcMeshView | undefined> {
    const record = await this.#deps.procMeshes.get(id);
    return record && this.viewOf(record);
  }

  /** Of a record that was just read. */
  async viewOf(record: ProcMeshRecord): Promise<ProcMeshView> {
    return (await this.viewsOf([record]))(record);
  }

  /** How each of some records is shown: the failures of those that do not live here are read at once. */
  async viewsOf(records: readonly ProcMeshRecord[]): Promise<(record: ProcMeshRecord) => ProcMeshView> {
    const { procs, live } = this.#deps;
    const stored = records.map(({ id }) => id).filter((id) => live.get(id) === undefined);
    const groups = stored.length > 0 ? await procs.failureGroups(stored) : undefined;
    return (record) => live.get(record.id)?.view() ?? procMeshView(record, groups?.get(record.id) ?? []);
  }
}
