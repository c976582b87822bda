import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { startSimHosts, type SimHostsSpec } from '@hostmesh/testkit';
import { createEpochSource } from '../clock/epoch-source.ts';
import { HostMesh, type AttachOptions } from '../mesh/host-mesh.ts';
import { aSnapshot, meshId, us } from './fixtures.ts';

/** Simulated hosts behind real sockets, and what it takes to attach them. Dispose of it. */
export async function simWorld(spec: SimHostsSpec) {
  const sim = await startSimHosts(spec);
  const transport = createTransport({ agentKey: testAgentKey });
  const epochs = createEpochSource();
  const options = (more: Partial<AttachOptions> = {}): AttachOptions => ({
    transport,
    snapshot: aSnapshot,
    owner: us,
    epoch: epochs.next(),
    timeoutMs: 10_000,
    ...more,
  });
  return {
    sim,
    transport,
    options,
    attach: (more?: Partial<AttachOptions>) => HostMesh.attach(meshId('train'), sim.addresses, options(more)),
    async [Symbol.asyncDispose]() {
      await transport.close();
      await sim.close();
    },
  };
}

/** The fault of an attach that must have failed for its hosts. */
export function pushFaultOf(result: Awaited<ReturnType<typeof HostMesh.attach>>) {
  if (result.ok) throw new Error('the attach succeeded');
  if (!('error' in result.fault)) throw new Error(result.fault.message);
  return result.fault;
}

/** The mesh of an attach that must have succeeded. */
export function meshOf(result: Awaited<ReturnType<typeof HostMesh.attach>>): HostMesh {
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}
