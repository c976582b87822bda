import type { AttemptSummary, Mesh, MeshHost, Proc, ProcMeshView } from '@hostmesh/contract';
import type { SlotState } from '../rig/host-slot.ts';
import type { ProcProcess } from '../rig/proc-processes.ts';

/** An agent's port as it truly is. */
export interface SlotLook {
  readonly name: string;
  readonly address: string;
  readonly state: SlotState;
  /** Ids of all agents that were ever there, the present one last. */
  readonly hostIds: readonly string[];
  /** When the present one took the place of another. */
  readonly replacedAt: number;
  /** When its agent was ended last, however short: between two looks it may be there again. */
  readonly downAt: number;
}

/** What the API says. */
export interface Told {
  readonly attempts: readonly AttemptSummary[];
  readonly meshes: readonly Mesh[];
  /** Of the attached meshes, by mesh id. */
  readonly hosts: ReadonlyMap<string, readonly MeshHost[]>;
  readonly procMeshes: readonly ProcMeshView[];
  readonly procs: readonly Proc[];
}

/** All that is looked at in one go. Times are milliseconds since 1970. */
export interface Look {
  readonly at: number;
  readonly slots: readonly SlotLook[];
  /** Processes of procs before the API was asked, and after. */
  readonly before: readonly ProcProcess[];
  readonly after: readonly ProcProcess[];
  /** Null while the API does not answer. */
  readonly told: Told | null;
  readonly supervisorLives: boolean;
}

/** The variable by which a process tells which push it was started after: no two pushes have the same number. */
export const MARKER_KEY = 'READ_LOG_BUFFER';
export const MARKER_VARIABLE = 'HYPERACTOR_READ_LOG_BUFFER';
