import {
  GET_PROC_STATE_MAX_IDLE,
  MESH_TERMINATE_CONCURRENCY,
  MESH_TERMINATE_TIMEOUT,
  PROCESS_EXIT_TIMEOUT,
  SUPERVISION_POLL_FREQUENCY,
  valueIn,
  type ConfigAttrs,
} from '@hostmesh/core';

/** What the config of a mesh says of watching and ending procs; all times in milliseconds (reference 7.4). */
export interface SupervisionSettings {
  readonly pollMs: number;
  /** After so long without a word a host is unreachable. */
  readonly maxIdleMs: number;
  /** A step of the stop ladder when a proc is stopped, and when a host is drained. */
  readonly exitStepMs: number;
  readonly terminateStepMs: number;
  readonly terminateConcurrency: number;
}

/** Settings of the config with these attributes. */
export const supervisionSettings = (attrs: ConfigAttrs): SupervisionSettings => ({
  pollMs: valueIn(attrs, SUPERVISION_POLL_FREQUENCY),
  maxIdleMs: valueIn(attrs, GET_PROC_STATE_MAX_IDLE),
  exitStepMs: valueIn(attrs, PROCESS_EXIT_TIMEOUT),
  terminateStepMs: valueIn(attrs, MESH_TERMINATE_TIMEOUT),
  terminateConcurrency: Math.min(256, Math.max(1, valueIn(attrs, MESH_TERMINATE_CONCURRENCY))),
});
