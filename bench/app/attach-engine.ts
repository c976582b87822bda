// The engine in a process of its own: so that its memory can be told, and so that what it is compared with has as
// much of a process to itself.
import { emptyLayers, instanceHostMeshId, parseAddress, type ChannelAddress } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { createEpochSource, HostMesh, type PushReport } from '@hostmesh/host-mesh';
import { createTransport, type Transport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { serveCommands } from '@hostmesh/testkit';

/** How a push ended. */
export interface PushOutcome {
  readonly ms: number;
  readonly installed: number;
  /** Kinds of failure by rank. */
  readonly failed: Readonly<Record<number, string>>;
  readonly residue: number;
}

const epochs = createEpochSource();
const snapshot = makeSnapshot(emptyLayers);
const owner = { clientId: 'bench', label: 'bench' };
let addresses: readonly ChannelAddress[] = [];
let transport: Transport | undefined;
let mesh: HostMesh | undefined;

/** What every push to the hosts has in common. */
const terms = (timeoutMs: number) => ({ snapshot, epoch: epochs.next(), timeoutMs });

const commands = {
  hosts: (texts: readonly string[]): void => {
    addresses = texts.map(addressOf);
  },
  attach: async (timeoutMs: number): Promise<PushOutcome> => {
    transport = createTransport({ agentKey: testAgentKey });
    const id = instanceHostMeshId('bench', 1n);
    const began = performance.now();
    const attached = await HostMesh.attach(id, addresses, { ...terms(timeoutMs), transport, owner });
    const ms = performance.now() - began;
    if (!attached.ok) {
      if (!('cleanup' in attached.fault)) throw new Error(attached.fault.message);
      return outcomeOf(ms, (await attached.fault.cleanup).hosts);
    }
    mesh = attached.value;
    return outcomeOf(ms, mesh.report?.hosts ?? []);
  },
  push: async (timeoutMs: number): Promise<PushOutcome> => {
    if (mesh === undefined) throw new Error('nothing is attached');
    const began = performance.now();
    const pushed = await mesh.pushConfig(terms(timeoutMs));
    const ms = performance.now() - began;
    return outcomeOf(ms, (pushed.ok ? pushed.value : pushed.fault.report).hosts);
  },
  release: async (): Promise<void> => {
    mesh?.close();
    await transport?.close();
  },
  peakRssMb: (): number => process.resourceUsage().maxRSS / 1024,
};
export type EngineCommands = typeof commands;

function addressOf(text: string): ChannelAddress {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(address.fault.message);
  return address.value;
}

function outcomeOf(ms: number, hosts: PushReport['hosts']): PushOutcome {
  const failed = hosts.flatMap(({ rank, failure }) =>
    failure === null ? [] : [[rank, failure.kind] as const],
  );
  return {
    ms,
    installed: hosts.filter(({ state }) => state === 'installed').length,
    failed: Object.fromEntries(failed),
    residue: hosts.filter(({ restore }) => restore?.kind === 'residue').length,
  };
}

serveCommands(commands);
