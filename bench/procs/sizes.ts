import type { ChannelAddress } from '@hostmesh/core';
import {
  type AgentEvent,
  createTransport,
  encodeAnswer,
  encodeRequest,
  type SpawnProcs,
} from '@hostmesh/protocol';
import type { ExchangeSizes } from '../floor/exchange.ts';
import { command, readiness, restart, TTL_MS } from './terms.ts';

const MESH = 'sizes-1b';

/** How many bytes the spawn of so many procs on this host exchanges, until it has told that all are ready. */
export async function measureSpawnSizes(address: ChannelAddress, perHost: number): Promise<ExchangeSizes> {
  const spawn: SpawnProcs = {
    type: 'spawn_procs',
    id: 'spawn',
    procMeshId: MESH,
    hostMeshId: MESH,
    owner: { clientId: 'bench', label: 'bench' },
    procs: Array.from({ length: perHost }, (_, rank) => ({
      procId: `${MESH}-${rank}`,
      rank,
      command,
      bind: null,
      readiness,
      readyTimeoutMs: 0,
      restart,
    })),
    keep: false,
    ttlMs: TTL_MS,
  };
  const transport = createTransport({});
  try {
    const connected = await transport.connect(address);
    if (!connected.ok) throw new Error(connected.fault.message);
    const connection = connected.value;
    let eventBytes = 0;
    const allReady = new Promise<void>((resolve) => {
      let ready = 0;
      connection.onEvent((event: AgentEvent) => {
        eventBytes += Buffer.byteLength(JSON.stringify(event));
        if (event.change.kind === 'proc_changed' && event.change.proc.status.kind === 'Ready') ready += 1;
        if (ready === perHost) resolve();
      });
    });
    await connection.request({ type: 'stream_state', id: 'stream', after: null });
    const answer = await connection.request(spawn);
    if (!answer.ok) throw new Error(answer.fault.message);
    await allReady;
    await connection.request({
      type: 'stop_procs',
      id: 'stop',
      procMeshId: MESH,
      procIds: null,
      cause: 'requested',
      causeText: 'measured',
      stepMs: null,
    });
    for (const { procId } of spawn.procs) {
      await connection.request({
        type: 'wait_status',
        id: procId,
        procId,
        min: 'Stopped',
        timeoutMs: 60_000,
      });
    }
    await connection.request({ type: 'forget_procs', id: 'forget', procMeshId: MESH, procIds: null });
    return {
      helloBytes: Buffer.byteLength(JSON.stringify(connection.hello)),
      pushBytes: encodeRequest(spawn).bytes.length,
      ackBytes: Buffer.byteLength(encodeAnswer('spawn', { ok: true, result: answer.value })) + eventBytes,
    };
  } finally {
    await transport.close();
  }
}
