/** Every link of the dashboard is made here, so that a page that moves moves everywhere. */
const part = (value: string | number): string => encodeURIComponent(String(value));

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

/** What a list keeps in its URL: see `ui/data-table/url-state.ts`. */
export interface ListQuery {
  /** Filter text as typed: `state:failed gpu0`. */
  readonly filter?: string;
  readonly sort?: string;
}
const listQuery = ({ filter, sort }: ListQuery) => ({ filter, sort });

export const links = {
  overview: () => '/',
  signIn: (next?: string) => withQuery('/sign-in', { next: next === '/' ? undefined : next }),
  /** `from`: an attempt whose hosts and settings fill the form; or a name and a host list do. */
  attach: (query: { from?: string; mesh?: string; hosts?: string } = {}) => withQuery('/attach', query),
  attempts: (query: ListQuery = {}) => withQuery('/attempts', listQuery(query)),
  attempt: (id: string, query: ListQuery = {}) => withQuery(`/attempts/${part(id)}`, listQuery(query)),
  meshes: (query: ListQuery = {}) => withQuery('/meshes', listQuery(query)),
  mesh: (id: string, query: ListQuery = {}) => withQuery(`/meshes/${part(id)}`, listQuery(query)),
  /** The side panel of one host; the list behind it stays. */
  meshHost: (meshId: string, rank: number, query: ListQuery = {}) =>
    withQuery(`/meshes/${part(meshId)}/hosts/${part(rank)}`, listQuery(query)),
  procMeshes: (query: ListQuery = {}) => withQuery('/procs', listQuery(query)),
  allProcs: (query: ListQuery = {}) => withQuery('/procs/all', listQuery(query)),
  /** The path above the pages of single proc meshes; it is no page itself. */
  procMeshRoot: () => '/proc-meshes',
  procMesh: (id: string, query: ListQuery = {}) => withQuery(`/proc-meshes/${part(id)}`, listQuery(query)),
  /** The side panel of one rank; the list behind it stays. */
  meshProc: (procMeshId: string, rank: number, query: ListQuery = {}) =>
    withQuery(`/proc-meshes/${part(procMeshId)}/procs/${part(rank)}`, listQuery(query)),
  proc: (id: string) => `/procs/${part(id)}`,
  /** `query` fills the form: see `spawn/spawn-fields.ts`. */
  spawn: (meshId: string, query: URLSearchParams = new URLSearchParams()) =>
    `/meshes/${part(meshId)}/spawn${query.size === 0 ? '' : `?${query}`}`,
  orphans: (query: ListQuery = {}) => withQuery('/orphans', listQuery(query)),
  /** The side panel of one key. */
  configKey: (key: string, query: ListQuery = {}) => withQuery(`/config/${part(key)}`, listQuery(query)),
  config: (query: ListQuery = {}) => withQuery('/config', listQuery(query)),
  /** This page comes from the API. */
  apiReference: () => '/api/v1/docs',
  /** `mesh`, `attempt` and `kind` say of what. */
  changes: (query: { mesh?: string; attempt?: string; kind?: string } = {}) =>
    withQuery('/activity/changes', query),
  activity: (query: ListQuery = {}) => withQuery('/activity', listQuery(query)),
} as const;
