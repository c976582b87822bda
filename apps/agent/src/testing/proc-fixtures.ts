import type { ProcSpec, SpawnProcs } from '@hostmesh/protocol';
import { newProc, type AgentProc, type ProcFacts } from '../proc/agent-proc.ts';
import { alice } from './connect.ts';

/** A proc that sleeps, ready when it is alive, never restarted; `changes` say what is different. */
export const specOf = (procId: string, changes: Partial<ProcSpec> = {}): ProcSpec => ({
  procId,
  rank: 0,
  command: { program: 'sleep', args: ['1000'], arg0: null, env: {}, cwd: null, runAs: null },
  bind: null,
  readiness: { kind: 'alive', forMs: 0 },
  readyTimeoutMs: 30_000,
  restart: { policy: 'never', limit: 0, backoffMs: 10, maxBackoffMs: 100, resetAfterMs: 60_000 },
  ...changes,
});

/** A command of a shell, or of Node. */
export const shell = (script: string): ProcSpec['command'] => ({
  program: '/bin/sh',
  args: ['-c', script],
  arg0: null,
  env: {},
  cwd: null,
  runAs: null,
});
export const nodeScript = (script: string): ProcSpec['command'] => ({
  program: process.execPath,
  args: ['-e', script],
  arg0: null,
  env: {},
  cwd: null,
  runAs: null,
});

/** A process with a child in its group, both of which can be told by the mark; ready once both are there. */
export const family = (mark: string): Pick<ProcSpec, 'command' | 'readiness'> => ({
  command: shell(`sh -c 'sleep 1000; : ${mark}' & echo up; wait # ${mark}`),
  readiness: { kind: 'output', contains: 'up' },
});

export const spawnOf = (procs: readonly ProcSpec[], changes: Partial<SpawnProcs> = {}): SpawnProcs => ({
  type: 'spawn_procs',
  id: 'spawn',
  procMeshId: 'mesh-1',
  hostMeshId: 'hosts-1',
  owner: alice,
  configDigest: null,
  procs: [...procs],
  keep: false,
  ttlMs: null,
  ...changes,
});

export const factsOf = (spec: ProcSpec, keep = false): ProcFacts => ({
  spec,
  procMeshId: 'mesh-1',
  hostMeshId: 'hosts-1',
  owner: alice,
  configDigest: null,
  keep,
  ttlMs: null,
});

/** A proc whose process is there and ready. */
export const readyProc = {
  ...newProc(factsOf(specOf('proc-1')), 1000),
  state: {
    kind: 'running' as const,
    run: {
      pid: 42,
      startTicks: 7,
      startedAtMs: 1000,
      readyAtMs: 1000,
      address: null,
      configDigest: null,
      adopted: false,
    },
  },
} satisfies AgentProc;
