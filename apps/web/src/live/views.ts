import type {
  Attempt,
  AttemptSummary,
  HostResult,
  Mesh,
  MeshHost,
  Proc,
  ProcDetail,
  ProcMeshView,
} from '@hostmesh/contract';

/** What the dashboard keeps of the API and follows: one kind per shape, `id` for those that belong to something. */
export interface ViewData {
  meshes: readonly Mesh[];
  mesh: Mesh;
  meshHosts: readonly MeshHost[];
  /** The newest attempts, as far back as was asked for. */
  attempts: readonly AttemptSummary[];
  attempt: Attempt;
  attemptHosts: readonly HostResult[];
  /** The newest proc meshes. */
  procMeshes: readonly ProcMeshView[];
  procMesh: ProcMeshView;
  /** The procs of one proc mesh in rank order. */
  procs: readonly Proc[];
  /** The newest procs of all proc meshes: all of them, or with a status as `id` those that have it. */
  allProcs: readonly Proc[];
  proc: ProcDetail;
}
/** The name of one shape of data. */
export type ViewKind = keyof ViewData;

/** One view with its data, tagged by `kind`. */
export type View = {
  [K in ViewKind]: { readonly kind: K; readonly id: string; readonly data: ViewData[K] };
}[ViewKind];

/** The query key of a view; `id` is empty for lists of everything. */
export const viewKey = <K extends ViewKind>(kind: K, id = '') => ['view', kind, id] as const;
export const allViews = ['view'] as const;
