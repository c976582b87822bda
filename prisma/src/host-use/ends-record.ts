// Stored as JSON: types, since an interface is none to the database's client.

/** Procs of one proc mesh that are not known to have ended, or wait for a restart. */
export type EndingProcMeshRecord = {
  id: string;
  name: string;
  running: number;
};

/** Proc meshes with procs that may run: the first of them, how many there are, and the procs of all. */
export type RunningRecord = {
  procMeshes: EndingProcMeshRecord[];
  procMeshesTotal: number;
  procs: number;
};

/** What ends with a mesh: its procs, and its hold on hosts that go nowhere else; the first hosts, and how many. */
export type EndsRecord = RunningRecord & {
  meshId: string;
  mesh: string;
  hostsLetGo: string[];
  hostsLetGoTotal: number;
};

/** A live mesh that uses hosts, and what runs on those for it. */
export type UsedMeshRecord = RunningRecord & {
  id: string;
  name: string;
  hosts: string[];
  hostsTotal: number;
};

/** The live meshes that use some hosts: the first of them, and how many meshes, hosts and procs there are. */
export type HostsInUseRecord = {
  meshes: UsedMeshRecord[];
  meshesTotal: number;
  hostsTotal: number;
  procs: number;
};

/** The live mesh that holds a host. */
export interface HolderRecord {
  id: string;
  name: string;
  address: string;
  /** Of the agent as it was last heard there; null before it was. */
  incarnation: string | null;
  /** Whether it answers there now, as far as we know. */
  isHeard: boolean;
}

/** By whom a host was taken from its mesh. */
export interface TakenOverRecord {
  attemptId: string;
  meshId: string | null;
  mesh: string;
  by: string;
  at: Date | null;
}

/** So many of a list are kept and told; totals count all. */
export const MAX_NAMED = 50;
