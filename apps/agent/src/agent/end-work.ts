import {
  configValue,
  MESH_TERMINATE_CONCURRENCY,
  MESH_TERMINATE_TIMEOUT,
  type ConfigLayers,
  type StopCause,
} from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import type { HostProcs } from '../host-procs/host-procs.ts';
import type { LifecycleEvent } from './step-lifecycle.ts';
import type { ProcRunner } from '../runner/proc-runner.ts';

/** Time for each step of the ladder when a signal ends the agent itself: whoever sent it kills the agent if that takes long. */
const LEAVE_STEP_MS = 2_000;

export interface EndWorkDeps {
  readonly procs: HostProcs;
  /** What is in effect on this host now. */
  layers(): ConfigLayers;
  move(event: LifecycleEvent): void;
}

/** Operations that end the work of a host. Each one runs once at a time; later callers join it (Reference 8.3). */
export interface EndWork {
  /** Whether a drain of this host mesh runs: it takes no new procs then. */
  isDraining(hostMeshId: string): boolean;
  drain(hostMeshId: string | null): Promise<ProcReport[]>;
  shutdown(): Promise<ProcReport[]>;
  /** Ends procs that do not outlive the agent, within seconds. */
  leave(reason: string, options: { readonly endKept: boolean }): Promise<void>;
}

/** Joins operations by their key. */
export function endWork({ procs, layers, move }: EndWorkDeps): EndWork {
  const running = new Map<string, Promise<ProcReport[]>>();
  const joined = (key: string, begin: () => Promise<ProcReport[]>): Promise<ProcReport[]> => {
    const known = running.get(key);
    if (known !== undefined) return known;
    const operation = begin().finally(() => running.delete(key));
    running.set(key, operation);
    return operation;
  };
  const end = (runners: readonly ProcRunner[], cause: StopCause, causeText: string) => {
    const stepMs = configValue(layers(), MESH_TERMINATE_TIMEOUT);
    const concurrency = Math.min(256, Math.max(1, configValue(layers(), MESH_TERMINATE_CONCURRENCY)));
    return procs.end(runners, { cause, causeText, stepMs }, concurrency);
  };
  const keyOf = (hostMeshId: string) => `drain of ${hostMeshId}`;
  return {
    isDraining: (hostMeshId) => running.has(keyOf(hostMeshId)),
    drain(hostMeshId) {
      if (hostMeshId !== null) {
        return joined(keyOf(hostMeshId), async () => {
          const ended = await end(procs.ofHostMesh(hostMeshId), 'drained', 'its host mesh left this host');
          if (procs.count === 0) move('emptied');
          return ended;
        });
      }
      return joined('drain', async () => {
        move('drain_requested');
        const ended = await end(procs.all(), 'drained', 'its host was drained');
        move('drained');
        return ended;
      });
    },
    shutdown: () =>
      joined('shutdown', async () => {
        move('shutdown_requested');
        return end(procs.all(), 'shut_down', 'its host was shut down');
      }),
    async leave(reason, options) {
      move('shutdown_requested');
      const causeText = `its host agent was ended (${reason})`;
      await procs.leave({ cause: 'agent_ended', causeText, stepMs: LEAVE_STEP_MS }, options);
    },
  };
}
