import type { Fault } from '@hostmesh/core';
import type { ProcFailureRecord } from './record.ts';

/** How a spawn ended. */
export type SpawnEnding =
  | { state: 'running'; readyAt: Date }
  | {
      state: 'spawn_failed';
      endedAt: Date;
      /** Of all failing ranks; the first 100 by rank are kept. */
      failures: readonly ProcFailureRecord[];
      /** Procs that are not known to have ended. */
      residueCount: number;
    };

/** It no longer spawns: a stop began, or the spawn has ended before. */
export type NotSpawningFault = Fault<'not_spawning'>;
