import type { ApiEvent } from '@hostmesh/contract';
import type { Database } from '@hostmesh/db';
import type { Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { SharedTransport } from '../agents/shared-transport.ts';
import { logHandlers } from '../log/log-handlers.ts';
import { LogKeeper } from '../log/log-keeper.ts';
import { LogSource } from '../log/log-source.ts';
import { Background } from '../persist/background.ts';
import { LiveProcMeshes } from '../proc-mesh/live/live-proc-meshes.ts';
import { ProcMeshReader } from '../proc-mesh/live/proc-mesh-reader.ts';
import { ProcMeshResumer } from '../proc-mesh/live/proc-mesh-resumer.ts';
import { procHandlers } from '../proc-mesh/proc-handlers.ts';

export interface ProcRoomDeps {
  readonly db: Pick<Database, 'procMeshes' | 'procs' | 'meshes'>;
  readonly transport: Transport;
  /** Whose lease host meshes are under. */
  readonly owner: string;
  readonly publish: (event: ApiEvent) => void;
  readonly log: FastifyBaseLogger;
}

/** Procs that live here and their output. The meshes that they are on take them up and let go of them. */
export function procRoom({ db, transport, owner, publish, log }: ProcRoomDeps) {
  const { procMeshes, procs, meshes } = db;
  const background = new Background(log);
  const live = new LiveProcMeshes({ procMeshes, procs, owner, publish, background, log });
  const resumer = new ProcMeshResumer({ live, procMeshes, procs, owner, background, log });
  const reader = new ProcMeshReader({ live, procMeshes, procs });
  const logTransport = new SharedTransport(transport);
  const logSource = new LogSource({ procs, meshes, live, transport: logTransport });
  const logs = new LogKeeper(logSource, log);
  live.onEnds((ended) => logs.add(ended));
  const following = new AbortController();
  return {
    background,
    live,
    resumer,
    reader,
    logs,
    handlers: {
      ...procHandlers({ meshes, procMeshes, procs, live }),
      ...logHandlers(procs, logSource, following.signal),
    },
    /** Ends every stream of output. */
    end: () => following.abort(),
    /** Fetches no more output; the procs are let go of with their meshes. */
    stop: async () => {
      await logs.stop();
      await logTransport.close();
    },
  };
}
