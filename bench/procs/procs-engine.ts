// The engine in a process of its own, with procs: it counts what it is told of and how late.
import { emptyLayers, extentOf, instanceHostMeshId, instanceId, parseAddress } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import {
  createEpochSource,
  HostMesh,
  planSpawn,
  type ProcChange,
  type ProcMesh,
  type SpawnPlan,
} from '@hostmesh/host-mesh';
import { createTransport, type Transport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { serveCommands } from '@hostmesh/testkit';
import { percentile } from '../measure/statistics.ts';
import { command, readiness, restart, TIMEOUT_MS, TTL_MS } from './terms.ts';

/** What the engine has told of changes since it was asked before. */
export interface HeardChanges {
  readonly changes: number;
  /** Changes that came after a later one of the same proc, or twice. */
  readonly outOfOrder: number;
  /** Changes of which the next one was told, and they were not. */
  readonly skipped: number;
  /** From the change on its host to our callback. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  readonly latencyMaxMs: number;
}

const owner = { clientId: 'bench', label: 'bench' };
const generations = new Map<string, number>();
let transport: Transport | undefined;
let mesh: HostMesh | undefined;
let procs: ProcMesh | undefined;
let [changes, outOfOrder, skipped] = [0, 0, 0];
let latenciesMs: number[] = [];

function onTransitions(transitions: readonly ProcChange[]): void {
  const nowMs = performance.timeOrigin + performance.now();
  for (const { procId, generation, source, report } of transitions) {
    if (source !== 'host' || report === null) continue;
    const before = generations.get(procId) ?? 0;
    changes += 1;
    if (generation <= before) outOfOrder += 1;
    else skipped += generation - before - 1;
    generations.set(procId, generation);
    latenciesMs.push(nowMs - report.at);
  }
}

const commands = {
  attach: async (hosts: readonly string[]): Promise<void> => {
    const addresses = hosts.map((text) => {
      const address = parseAddress(text);
      if (!address.ok) throw new Error(address.fault.message);
      return address.value;
    });
    transport = createTransport({ agentKey: testAgentKey });
    const attached = await HostMesh.attach(instanceHostMeshId('bench', 1n), addresses, {
      transport,
      owner,
      snapshot: makeSnapshot(emptyLayers),
      epoch: createEpochSource().next(),
      timeoutMs: TIMEOUT_MS,
    });
    if (!attached.ok) throw new Error(attached.fault.message);
    mesh = attached.value;
    mesh.watch();
  },
  /** Milliseconds from the plan to every proc being ready. */
  spawn: async (perHost: number): Promise<number> => {
    if (mesh === undefined) throw new Error('nothing is attached');
    const began = performance.now();
    const spawned = await mesh.spawn(planFor(mesh, perHost), { onTransitions });
    const ms = performance.now() - began;
    if (!spawned.ok) throw new Error(spawned.fault.message);
    procs = spawned.value;
    return ms;
  },
  heard: (): HeardChanges => {
    const heard = {
      changes,
      outOfOrder,
      skipped,
      latencyP50Ms: percentile(latenciesMs, 0.5),
      latencyP99Ms: percentile(latenciesMs, 0.99),
      latencyMaxMs: percentile(latenciesMs, 1),
    };
    [changes, outOfOrder, skipped, latenciesMs] = [0, 0, 0, []];
    return heard;
  },
  /** Of every proc, the last that was told of. */
  generations: (): Record<string, number> => Object.fromEntries(generations),
  repairs: (): number => procs?.repairs ?? NaN,
  /** Milliseconds from asking to the last outcome. */
  stop: async (): Promise<{ ms: number; stopped: number }> => {
    const began = performance.now();
    const outcomes = await procs?.stop({ causeText: 'the benchmark is over', timeoutMs: TIMEOUT_MS });
    const ms = performance.now() - began;
    return { ms, stopped: outcomes?.filter(({ outcome }) => outcome === 'stopped').length ?? 0 };
  },
  release: async (): Promise<void> => {
    procs?.close();
    mesh?.close();
    await transport?.close();
  },
  peakRssMb: (): number => process.resourceUsage().maxRSS / 1024,
  cpuMs: (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};
export type ProcsEngineCommands = typeof commands;

function planFor({ ref }: HostMesh, perHost: number): SpawnPlan {
  const plan = planSpawn(ref, {
    id: instanceId('proc', 'bench', 1n),
    name: 'bench',
    perHost: extentOf({ slots: perHost }),
    command,
    readiness,
    readyTimeoutMs: TIMEOUT_MS,
    restart,
    keep: false,
    ttlMs: TTL_MS,
    timeoutMs: TIMEOUT_MS,
  });
  if (!plan.ok) throw new Error(plan.fault.message);
  return plan.value;
}

serveCommands(commands);
