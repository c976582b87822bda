import type { ProcListeners } from '../proc/proc-observation.ts';

/** Options of `HostMesh.spawn`. */
export interface SpawnOptions extends ProcListeners {
  /** Cancels the spawn; what was started is stopped. It means nothing any more once the procs are ready. */
  readonly signal?: AbortSignal;
}
