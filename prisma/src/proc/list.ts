import type { StatusKind } from '@hostmesh/core';
import type { PageRequest } from '../database/page.ts';
import type { ProcMeshState } from '../generated/enums.ts';

/** Filters of the list of proc meshes; `q` is part of an id or name, its own or its host mesh's. */
export interface ProcMeshQuery extends PageRequest {
  state?: ProcMeshState | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}

/** Ranks from `start` up to, but not with, `end`. */
export interface RankRange {
  start: number;
  end: number;
}

/** Filters of the procs of a mesh; `q` is part of an id, an address or a host id. Empty ranges let nothing through. */
export interface ProcFilter {
  status?: StatusKind | undefined;
  ranks?: readonly RankRange[] | undefined;
  hostRanks?: readonly RankRange[] | undefined;
  exitCode?: number | undefined;
  signal?: string | undefined;
  q?: string | undefined;
}

/** Filters of the procs of all meshes; `q` as in `ProcFilter`, or part of a proc mesh's name. */
export interface AllProcsQuery extends PageRequest {
  status?: StatusKind | undefined;
  hostId?: string | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}
